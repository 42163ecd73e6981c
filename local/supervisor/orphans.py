"""Processes that earlier runs left behind in a data folder: found by a mark in their environment, and ended."""

import time
from pathlib import Path
from signal import Signals

import psutil

# Only set for processes that the supervisor starts, never in its own environment or a user's.
MARK = "ECONTRACTING_PART_OF"
TIMEOUT = 5.0
POLL_INTERVAL = 0.02
# PostgreSQL's processes overwrite their environment with their titles, but work inside the cluster.
POSTGRES = ("postgres", "initdb")


def process_mark(folder: Path) -> dict[str, str]:
    """The environment variable that marks a process as one of that data folder."""
    return {MARK: str(folder)}


def terminate_orphans(folder: Path) -> int:
    """Ends every process of that data folder but the supervisor itself; those that don't end in time are killed.

    Returns:
        How many there were.
    """
    return _terminate(
        [
            process
            for process in psutil.process_iter()
            if _is_postgres_in(process, folder) or _is_marked(process, folder)
        ]
    )


def terminate_postgres_in(cluster: Path) -> None:
    """Ends what a dead PostgreSQL left running in its cluster, which would keep a new one from starting."""
    _terminate([process for process in psutil.process_iter() if _is_postgres_in(process, cluster)])


def _terminate(processes: list[psutil.Process]) -> int:
    for process in processes:
        # PostgreSQL must not wait for its clients, which may be among those that don't end.
        _send_signal(process, Signals.SIGQUIT if _name(process) in POSTGRES else Signals.SIGTERM)
    for process in _wait_for_end(processes):
        _send_signal(process, Signals.SIGKILL)
    _wait_for_end(processes)
    return len(processes)


def _wait_for_end(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Waits until the processes have ended; returns those that have not."""
    deadline = time.monotonic() + TIMEOUT
    while (alive := [process for process in processes if _is_alive(process)]) and time.monotonic() < deadline:
        time.sleep(POLL_INTERVAL)
    return alive


def _is_alive(process: psutil.Process) -> bool:
    # In a container, a dead orphan may stay a zombie for ever.
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


def _send_signal(process: psutil.Process, signal: Signals) -> None:
    try:
        process.send_signal(signal)
    except psutil.NoSuchProcess:
        return
