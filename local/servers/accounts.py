"""How root runs a program that refuses to be root, as PostgreSQL does."""

import functools
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalStackError

USER_NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")


@dataclass(frozen=True)
class Account:
    """Who a program runs as: what stands before its command, and who must own its files where that is not us."""

    prefix: tuple[str, ...] = ()
    owner: tuple[int, int] | None = None

    def own(self, folder: Path) -> None:
        """Gives an existing folder to this account."""
        if self.owner is not None:
            os.chown(folder, *self.owner)


@functools.cache
def user_namespaces_allowed() -> bool:
    """Whether root may be another user inside a user namespace here; many containers forbid it."""
    if shutil.which("unshare") is None:
        return False
    trial = subprocess.run([*USER_NAMESPACE, "true"], capture_output=True, check=False)  # noqa: S603  # our own words
    return trial.returncode == 0


def another_account(program: Path, folder: Path) -> Account:
    """The owner of `folder`, or nobody where root owns it, for root without user namespaces.

    Raises:
        LocalStackError: That account cannot reach the program or the folder.
    """
    state = folder.stat()
    nobody = pwd.getpwnam("nobody")
    user, group = (state.st_uid, state.st_gid) if state.st_uid else (nobody.pw_uid, nobody.pw_gid)
    prefix = ("setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups")
    reach = [*prefix, "sh", "-c", '"$1" --version && cd "$2"', "sh", str(program), str(folder)]
    if shutil.which("setpriv") and subprocess.run(reach, capture_output=True, check=False).returncode == 0:  # noqa: S603  # our own words
        return Account(prefix, (user, group))
    raise LocalStackError(
        f"PostgreSQL refuses to run as root. User namespaces are forbidden here, and the user with number {user} "
        f"cannot reach {program} and {folder}. Run this as another user, or give a DATABASE_URL."
    )


def unprivileged(program: Path, folder: Path) -> Account:
    """Who may run `program` below the existing `folder`: an ordinary user as it is, root as somebody else.

    Raises:
        LocalStackError: Root can be nobody else here.
    """
    if os.geteuid() != 0:
        return Account()
    if user_namespaces_allowed():
        return Account(USER_NAMESPACE)
    return another_account(program, folder)
