"""Whether we may listen on a port, asked before anything else starts."""

import errno
import socket

HOST, PORT = "127.0.0.1", 8321  # unless told
LAST_PORT = 65_535

_REASONS = {
    errno.EADDRINUSE: "it is taken. End what runs there, or choose another one with --port",
    errno.EACCES: "this account may not. Choose a port above 1023 with --port",
    socket.EAI_NONAME: "no machine has this name. Check --host",
    errno.EADDRNOTAVAIL: "this machine has no such address. Check --host",
}


class CannotListen(OSError):
    """The address is taken, not allowed, or not of this machine."""


def make_sure_of(host: str, *ports: int) -> None:
    """Raises CannotListen with what to do; port 0 (any free one) is always well."""
    for port in filter(None, ports):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            socket.create_server((host, port), family=family).close()
        except OSError as error:
            reason = _REASONS.get(error.errno or 0, str(error))
            raise CannotListen(f"cannot listen on {host}:{port}: {reason}") from error
