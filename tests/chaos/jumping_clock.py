"""A worker whose wall clock jumps: `python -m tests.chaos.jumping_clock FILE`, where the file contains the offset.

`time.time()` returns a time that is off by so many seconds. Leases and delays must not depend on it: they use the
clock of the database and the monotonic clock.
"""

import mmap
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path

OFFSET = struct.Struct("<d")


def put(file: Path, seconds: float) -> None:
    """Sets the offset of the clocks that read this file."""
    if not file.exists():
        file.write_bytes(OFFSET.pack(seconds))
        return
    with file.open("r+b") as stream:
        stream.write(OFFSET.pack(seconds))


def _jumping(file: Path) -> Callable[[], float]:
    with file.open("rb") as stream:
        shared = mmap.mmap(stream.fileno(), OFFSET.size, access=mmap.ACCESS_READ)
    real = time.time
    return lambda: real() + OFFSET.unpack_from(shared)[0]


def main() -> None:
    jumping = _jumping(Path(sys.argv[1]))
    # Before the import of modules that bind these functions.
    time.time = jumping
    time.time_ns = lambda: int(jumping() * 1_000_000_000)
    from workers.run import run_worker  # noqa: PLC0415

    run_worker()


if __name__ == "__main__":
    main()
