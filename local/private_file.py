"""Files that hold secrets: whole or not there at all, and for nobody but their owner to read."""

import os
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Writes the text in place of what the file held; after a power cut the one or the other is there."""
    unfinished = path.with_suffix(".unfinished")
    # What a crash left behind may be readable for others: its mode would stay.
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(path)
