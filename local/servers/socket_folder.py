"""The folder of the embedded servers' sockets: beside the data if its path allows it, else a temporary one."""

import hashlib
import os
import re
import stat
import tempfile
from pathlib import Path

from local.errors import LocalStackError

# The path of a socket has at most 103 bytes on macOS and 107 on Linux; the longest file name in the folder has 16.
MAX_FOLDER_BYTES = 103 - len("/.s.PGSQL.5432.x")
# Characters that need no escape in a URL; arq does not unescape the path of a socket.
URL_SAFE = re.compile(r"[A-Za-z0-9/._-]+")


def socket_folder(preferred: Path) -> Path:
    """Creates the folder for sockets, which only its owner may enter.

    Args:
        preferred: Where it should be; used when its path is short enough and needs no escape in a URL.

    Returns:
        The absolute path of `preferred`, or of a folder under the system's temporary one, the same at every start.

    Raises:
        LocalStackError: The folder belongs to another user.
    """
    path = preferred.absolute()
    if len(os.fsencode(path)) > MAX_FOLDER_BYTES or not URL_SAFE.fullmatch(str(path)):
        digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
        path = Path(tempfile.gettempdir()) / f"econtracting-{os.geteuid()}-{digest}"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or (os.geteuid() not in {0, status.st_uid}):
        raise LocalStackError(f"{path} is not ours. Remove it, or choose a shorter DATA_DIR.")
    path.chmod(0o700)
    return path
