"""The console of a run: how far it is for the command line, warnings and errors otherwise."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import dagster as dg

from validations import progress


class _Console(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "dagster_meta", {}).get("dagster_event")
        if event is not None and event.event_type_value == "STEP_START":
            progress.step(event.step_key)
        elif not progress.is_shown() and record.levelno >= logging.WARNING:
            print(record.getMessage())  # noqa: T201  the console of a run in the daemon or UI


@contextmanager
def quiet(log: Path) -> Iterator[None]:
    """On the command line, what the block prints goes to a log file; elsewhere Dagster keeps it with the step."""
    if not progress.is_shown():
        yield
        return
    with log.open("w", encoding="utf-8") as file, redirect_stdout(file):
        yield


@dg.logger(description="Voortgang op de opdrachtregel; anders alleen waarschuwingen en fouten.", config_schema={})
def console_logger(_context: dg.InitLoggerContext) -> logging.Logger:
    """A logger that prints no event by itself: the UI has them all."""
    logger = logging.Logger("meerdoen", level=logging.DEBUG)
    logger.addHandler(_Console())
    return logger
