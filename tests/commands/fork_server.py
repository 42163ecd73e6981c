"""A fork server for commands: it has imported what they import, and forks a process for each command requested.

Starting Python and importing everything takes a second or two, forking takes milliseconds.
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
# The modules that commands import when they are called.
PRELOADED = (
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
class CommandRequest:
    """A command to run, with the file descriptors of its standard streams."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    streams: Sequence[int]

    def send(self, requests: socket.socket, exit_status_file: int) -> None:
        """Requests it; the exit status is written to the file descriptor `exit_status_file`."""
        message = json.dumps([self.arguments, dict(self.environment)]).encode()
        socket.send_fds(requests, [message], [*self.streams, exit_status_file])

    def apply(self) -> None:
        """Applies its arguments, environment and streams to this process."""
        for number, stream in enumerate(self.streams):
            os.dup2(stream, number)
            os.close(stream)
        sys.stdin, sys.stdout, sys.stderr = (open(number, mode) for number, mode in enumerate("rww"))  # noqa: SIM115, PTH123  # open until it exits
        os.environ.clear()
        os.environ.update(self.environment)
        sys.argv = ["econtracting", *self.arguments]


def serve_requests(requests: socket.socket) -> CommandRequest | None:
    """Serves requests: returns in each forked process with its request, and in the server with None at the end."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, files, _, _ = socket.recv_fds(requests, 1 << 20, STREAMS + 1)
        if not message:
            return None
        if os.fork() == 0:
            break
        for file in files:
            os.close(file)
    requests.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *streams, exit_status_file = files
    _fork_and_report_exit_status(exit_status_file)
    arguments, environment = json.loads(message)
    return CommandRequest(arguments, environment, streams)


def _fork_and_report_exit_status(exit_status_file: int) -> None:
    child = os.fork()
    if child == 0:
        os.close(exit_status_file)
        return
    _, status = os.waitpid(child, 0)
    os.write(exit_status_file, str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


if __name__ == "__main__":
    from cli import app

    for name in PRELOADED:
        import_module(name)
    gc.freeze()
    if request := serve_requests(socket.socket(fileno=int(sys.argv[1]))):
        request.apply()
        app()
