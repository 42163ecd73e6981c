"""A worker whose wall clock jumps: `python -m tests.chaos.jumping_clock FILE`, where the file holds the seconds.

What reads `time.time()` in it is told a moment that is off by so much. Leases and waits must not care: they go by the
database's clock and by the monotonic one.
"""

import mmap
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path

OFFSET = struct.Struct("<d")


def put(file: Path, seconds: float) -> None:
    """Lets the clocks that read this file jump."""
    if not file.exists():
        file.write_bytes(OFFSET.pack(seconds))
        return
    with file.open("r+b") as opened:
        opened.write(OFFSET.pack(seconds))


def _jumping(file: Path) -> Callable[[], float]:
    with file.open("rb") as opened:
        shared = mmap.mmap(opened.fileno(), OFFSET.size, access=mmap.ACCESS_READ)
    real = time.time
    return lambda: real() + OFFSET.unpack_from(shared)[0]


def main() -> None:
    jumping = _jumping(Path(sys.argv[1]))
    # Before anything else is imported that takes them along.
    time.time = jumping
    time.time_ns = lambda: int(jumping() * 1_000_000_000)
    from workers.run import run_worker  # noqa: PLC0415

    run_worker()


if __name__ == "__main__":
    main()
