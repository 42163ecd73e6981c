"""Where the embedded servers' sockets lie: beside the data where its path allows, else in a short folder."""

import re
import tempfile
from pathlib import Path

# A socket's whole path has 103 bytes on macOS and 107 on Linux; the longest name that we put behind it has 16.
LONGEST_FOLDER = 103 - len("/.s.PGSQL.5432.x")
# What stands in an address as it is; arq does not undo percent signs in a socket's path.
PLAIN = re.compile(r"[A-Za-z0-9/._-]+")


def socket_folder(preferred: Path) -> Path:
    """Makes the folder for sockets, which nobody but its owner may enter.

    Args:
        preferred: Where it should be; used when its path is short and plain enough to stand in an address.

    Returns:
        The absolute path of `preferred`, or of a new folder under the system's temporary one.
    """
    path = preferred.absolute()
    if len(str(path).encode()) <= LONGEST_FOLDER and PLAIN.fullmatch(str(path)):
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
        return path
    return Path(tempfile.mkdtemp(prefix="econtracting-"))
