"""A process that has imported what commands import, and forks when it is asked for one: the fork becomes the command.

Starting Python and importing everything takes a command a second or two, forking takes it milliseconds.
"""

import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

STREAMS = 3
# What the commands import when they are called.
IMPORTED = (
    "commands.checks.all_checks",
    "commands.runtime",
    "commands.progress",
    "commands.mail_retry",
    "domain.audit_chain",
    "domain.models",
    "gql.app",
    "workers.run",
)


@dataclass(frozen=True)
class Order:
    """A command that is asked for, with the open files that become its input, output and error output."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    streams: Sequence[int]

    def send(self, orders: socket.socket, ended: int) -> None:
        """Asks for it; how it ended is written to the open file `ended`."""
        told = json.dumps([self.arguments, dict(self.environment)]).encode()
        socket.send_fds(orders, [told], [*self.streams, ended])

    def become(self) -> None:
        """Gives this process its arguments, environment and streams."""
        for number, stream in enumerate(self.streams):
            os.dup2(stream, number)
            os.close(stream)
        sys.stdin, sys.stdout, sys.stderr = (open(number, mode) for number, mode in enumerate("rww"))  # noqa: SIM115, PTH123  # until its end
        os.environ.clear()
        os.environ.update(self.environment)
        sys.argv = ["econtracting", *self.arguments]


def ordered(orders: socket.socket) -> Order | None:
    """Waits, and returns in each fork with its order; in the process itself with none, when nobody can ask any more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        told, files, _, _ = socket.recv_fds(orders, 1 << 20, STREAMS + 1)
        if not told:
            return None
        if os.fork() == 0:
            break
        for file in files:
            os.close(file)
    orders.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *streams, ended = files
    _fork_and_tell_its_end(ended)
    arguments, environment = json.loads(told)
    return Order(arguments, environment, streams)


def _fork_and_tell_its_end(ended: int) -> None:
    child = os.fork()
    if child == 0:
        os.close(ended)
        return
    _, status = os.waitpid(child, 0)
    os.write(ended, str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


if __name__ == "__main__":
    from cli import app

    for name in IMPORTED:
        import_module(name)
    gc.freeze()
    if order := ordered(socket.socket(fileno=int(sys.argv[1]))):
        order.become()
        app()
