"""Processes that belong to a data folder, whoever started them: found by a mark in their environment."""

import time
from pathlib import Path
from signal import Signals

import psutil

# Only ever set for the processes that the supervisor starts, never in its own environment or a person's.
MARK = "ECONTRACTING_PART_OF"
PATIENCE = 5.0
BETWEEN_QUESTIONS = 0.02
# PostgreSQL's processes write their titles over their environment, but work inside the cluster.
POSTGRES = ("postgres", "initdb")


def marked(folder: Path) -> dict[str, str]:
    """The environment that marks a process as one of that data folder."""
    return {MARK: str(folder)}


def end_leftovers(folder: Path) -> int:
    """Ends every process of that data folder, in good order where it obeys; the supervisor itself is none.

    Returns:
        How many there were.
    """
    return _end(
        [
            process
            for process in psutil.process_iter()
            if _is_postgres_in(process, folder) or _is_marked(process, folder)
        ]
    )


def end_postgres_of(cluster: Path) -> None:
    """Ends what a dead PostgreSQL left running in its cluster, which would keep a new one from starting."""
    _end([process for process in psutil.process_iter() if _is_postgres_in(process, cluster)])


def _end(found: list[psutil.Process]) -> int:
    for process in found:
        # PostgreSQL must not wait for its clients, which may be among the stubborn.
        _tell(process, Signals.SIGQUIT if _name(process) in POSTGRES else Signals.SIGTERM)
    for process in _still_alive(found):
        _tell(process, Signals.SIGKILL)
    _still_alive(found)
    return len(found)


def _still_alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Waits for their ends; answers those that live on."""
    deadline = time.monotonic() + PATIENCE
    while (alive := [process for process in processes if _lives(process)]) and time.monotonic() < deadline:
        time.sleep(BETWEEN_QUESTIONS)
    return alive


def _lives(process: psutil.Process) -> bool:
    # In a container nobody may ever take notice of a dead orphan.
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _is_marked(process: psutil.Process, folder: Path) -> bool:
    try:
        return process.environ().get(MARK) == str(folder)
    except (psutil.Error, OSError):
        return False


def _is_postgres_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return process.name() in POSTGRES and Path(process.cwd()).is_relative_to(folder)
    except (psutil.Error, OSError):
        return False


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return ""


def _tell(process: psutil.Process, signal: Signals) -> None:
    try:
        process.send_signal(signal)
    except psutil.NoSuchProcess:
        return
