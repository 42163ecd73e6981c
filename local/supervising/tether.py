"""Ties a program's life to ours, so that nothing stays behind when we are killed outright."""

import shutil
import signal


def tethered(command: tuple[str, ...], last_signal: signal.Signals) -> tuple[str, ...]:
    """The command that runs `command` and sends it `last_signal` the moment its parent's starting thread is gone.

    The system tells a program so on Linux only; elsewhere the command stays as it is.
    """
    if shutil.which("setpriv") is None:
        return command
    return ("setpriv", "--pdeathsig", last_signal.name.removeprefix("SIG"), *command)
