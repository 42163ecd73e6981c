"""What processes hold of the machine's memory: servers, and the PostgreSQL backends behind them."""

from collections.abc import Mapping

import psutil

MEGABYTE = 2**20


class Memory:
    """Tells of servers by name, and of all of PostgreSQL's backends together."""

    def __init__(self, processes: Mapping[str, int]) -> None:
        self._names: dict[int, list[str]] = {}
        for name, process in processes.items():
            self._names.setdefault(process, []).append(name)

    def print_usage(self, when: str) -> None:
        servers = ", ".join(
            f"{' and '.join(names)} {_own(psutil.Process(process)):.0f}" for process, names in self._names.items()
        )
        backends = [each for each in psutil.process_iter() if each.name() == "postgres" and _serves(each)]
        total = sum(_own(each) for each in backends)
        print(f"{when}, in MB of their own: {servers}; {len(backends)} PostgreSQL backends {total:.0f}", flush=True)


def _own(process: psutil.Process) -> float:
    """What would be free without the process."""
    return float(process.memory_full_info().uss) / MEGABYTE


def _serves(process: psutil.Process) -> bool:
    """Is it a connection to the database that is measured?"""
    return " measured " in " ".join(process.cmdline())
