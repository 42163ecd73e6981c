"""Ends a child process when its parent is killed outright."""

import shutil
import signal


def with_parent_death_signal(command: tuple[str, ...], parent_death_signal: signal.Signals) -> tuple[str, ...]:
    """The command that runs `command` and has it sent the signal as soon as the parent's starting thread has ended.

    This exists on Linux only; elsewhere the command is returned unchanged.
    """
    if shutil.which("setpriv") is None:
        return command
    return ("setpriv", "--pdeathsig", parent_death_signal.name.removeprefix("SIG"), *command)
