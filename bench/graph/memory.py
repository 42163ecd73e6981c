"""The memory of servers and of PostgreSQL's backends."""

from collections.abc import Mapping

import psutil

from bench.graph.bench_database import COPY

MEGABYTE = 2**20


class Memory:
    """The memory of servers by name, and of all backends together.

    Args:
        pids: The process id of each server; several may share one.
    """

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._names: dict[int, list[str]] = {}
        for name, pid in pids.items():
            self._names.setdefault(pid, []).append(name)

    def print_usage(self, when: str) -> None:
        servers = ", ".join(
            f"{' and '.join(names)} {_private_megabytes(psutil.Process(pid)):.0f}" for pid, names in self._names.items()
        )
        backends = [process for process in psutil.process_iter() if _is_backend(process)]
        total = sum(map(_private_megabytes, backends))
        print(f"{when}, in MB of their own: {servers}; {len(backends)} PostgreSQL backends {total:.0f}", flush=True)


def _private_megabytes(process: psutil.Process) -> float:
    """The memory that would be freed if the process ended (its unique set size)."""
    return float(process.memory_full_info().uss) / MEGABYTE


def _is_backend(process: psutil.Process) -> bool:
    """Whether it is a PostgreSQL backend connected to the measured database."""
    return process.name() == "postgres" and f" {COPY} " in " ".join(process.cmdline())
