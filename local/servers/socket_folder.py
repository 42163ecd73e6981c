"""Where the embedded servers' sockets lie: beside the data where its path allows, else in a short folder."""

import hashlib
import os
import re
import stat
import tempfile
from pathlib import Path

from local.errors import LocalStackError

# A socket's whole path has 103 bytes on macOS and 107 on Linux; the longest name that we put behind it has 16.
LONGEST_FOLDER = 103 - len("/.s.PGSQL.5432.x")
# What stands in an address as it is; arq does not undo percent signs in a socket's path.
PLAIN = re.compile(r"[A-Za-z0-9/._-]+")


def socket_folder(preferred: Path) -> Path:
    """Makes the folder for sockets, which nobody but its owner may enter.

    Args:
        preferred: Where it should be; used when its path is short and plain enough to stand in an address.

    Returns:
        The absolute path of `preferred`, or of a folder under the system's temporary one, the same at every start.

    Raises:
        LocalStackError: Somebody else made that folder.
    """
    path = preferred.absolute()
    if len(os.fsencode(path)) > LONGEST_FOLDER or not PLAIN.fullmatch(str(path)):
        digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
        path = Path(tempfile.gettempdir()) / f"econtracting-{os.geteuid()}-{digest}"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    state = path.lstat()
    if not stat.S_ISDIR(state.st_mode) or (os.geteuid() not in {0, state.st_uid}):
        raise LocalStackError(f"{path} is not ours. Remove it, or choose a shorter DATA_DIR.")
    path.chmod(0o700)
    return path
