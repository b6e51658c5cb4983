"""How the command line is read: argparse in Dutch, with an exit code of its own for what was typed wrongly.

What the commands are is in cli.py. A message names the argument and what is expected, and never repeats what was typed:
it may be a number of a person.
"""

import argparse
import re
import sys
from typing import NoReturn

USAGE = 64
"""Exit code of a command that was typed wrongly (EX_USAGE of sysexits.h)."""

# The words of argparse, and ours. `{}`: names of our own arguments; what was typed matches no group.
FAULTS = {
    r"the following arguments are required: (.*)": "er ontbreekt: {}",
    r"one of the arguments (.*) is required": "kies een van: {}",
    r"unrecognized arguments: .*": "er staat iets te veel, of een optie die deze opdracht niet kent",
    r"invalid choice: .*": "kies een van: {choices}",
    r"invalid (?:int|float) value: .*": "verwacht een getal",
    r"invalid .* value: .*": "die waarde kan hier niet",
    r"not allowed with argument (.*)": "kan niet samen met {}",
    r"ignored explicit argument .*": "verwacht geen waarde",
    r"expected (?:one|at least one) argument": "verwacht een waarde",
    r"expected (?:at most one argument|\d+ arguments?)": "verwacht een ander aantal waarden",
}


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None) -> None:
        super().add_usage(usage, actions, groups, "gebruik: " if prefix is None else prefix)


class _Version(argparse.Action):
    def __init__(self, option_strings: list[str], dest: str, **_named: object) -> None:
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, help="toon de versie en stop")

    def __call__(self, parser, _namespace, _values, _option_string=None) -> None:
        # Only now: importing it takes longer than all of the help.
        from importlib.metadata import version

        print(f"{parser.prog} {version('meerdoen')}")  # noqa: T201  this is the command line
        parser.exit()


class Parser(argparse.ArgumentParser):
    """An ArgumentParser in Dutch. What is typed wrongly ends the process with USAGE."""

    def __init__(self, *, version: bool = False, **named) -> None:
        super().__init__(**named, formatter_class=_Formatter, allow_abbrev=False, add_help=False)
        self._positionals.title, self._optionals.title = "argumenten", "opties"
        self.add_argument("-h", "--help", action="help", default=argparse.SUPPRESS, help="toon deze uitleg en stop")
        if version:
            self.add_argument("--version", action=_Version)

    def error(self, message: str) -> NoReturn:
        """Prints the usage and what is wrong, in Dutch, and exits with USAGE."""
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: fout: {self._in_dutch(message)}\n")

    def _in_dutch(self, message: str) -> str:
        named, text = re.fullmatch(r"(?:argument (.+?): )?(.*)", message, re.DOTALL).groups()  # pyright: ignore[reportOptionalMemberAccess]
        for fault, words in FAULTS.items():
            if found := re.fullmatch(fault, text, re.DOTALL):
                text = words.format(*found.groups(), choices=self._choices(named))
                break
        return f"{named}: {text}" if named else text

    def _choices(self, named: str | None) -> str:
        """The choices of an argument of ours, by the name that argparse gives it in a message."""
        known = {action.metavar or action.dest: action.choices for action in self._actions if action.choices}
        return ", ".join(map(str, known.get(named or "", ())))
