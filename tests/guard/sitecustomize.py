"""With this folder on PYTHONPATH every Python process refuses connections that leave the machine, and notes them.

Loaded by Python itself at start-up, so also in the process of dbt. The notes go to the file MEERDOEN_NETWACHT: a line
`wacht` per guarded process, and a line per refused connection.
"""

import ipaddress
import os
import socket
import sys


def _note(line: str) -> None:
    with open(os.environ["MEERDOEN_NETWACHT"], "a", encoding="utf-8") as file:  # noqa: PTH123  before all imports
        file.write(line + "\n")


def _refuse(host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    try:
        inside = ipaddress.ip_address(name).is_loopback
    except ValueError:
        inside = name == "localhost"
    if not inside:
        _note(f"verbinding {name}")
        raise ConnectionRefusedError(f"network guard: {name}")


def _guarded(real):
    def connect(self, address, *rest):
        if self.family != socket.AF_UNIX:
            _refuse(address[0])
        return real(self, address, *rest)

    return connect


def install() -> None:
    """Guards this process."""
    for name in ("connect", "connect_ex", "sendto"):
        real = getattr(socket.socket, name)
        # The address of sendto comes last.
        guarded = _guarded(real) if name != "sendto" else _guarded_sendto(real)
        setattr(socket.socket, name, guarded)
    resolve = socket.getaddrinfo

    def getaddrinfo(host, *arguments, **options):
        _refuse(host)
        return resolve(host, *arguments, **options)

    socket.getaddrinfo = getaddrinfo
    _note(f"wacht {' '.join(sys.orig_argv[:6])}")


def _guarded_sendto(real):
    def sendto(self, data, *rest):
        if self.family != socket.AF_UNIX:
            _refuse(rest[-1][0])
        return real(self, data, *rest)

    return sendto


if os.environ.get("MEERDOEN_NETWACHT"):
    install()
