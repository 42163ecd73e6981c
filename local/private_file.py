"""Files with secrets: written atomically, and readable by their owner only."""

import os
from pathlib import Path


def write_private_file(path: Path, text: str) -> None:
    """Replaces the content of the file atomically, even if the power fails."""
    unfinished = path.with_suffix(".unfinished")
    # What a crash left behind may be readable by others, and would keep its mode.
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(path)
