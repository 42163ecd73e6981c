"""The accounts under which root runs a program that refuses to run as root, as PostgreSQL does."""

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
    """The account that a program runs under.

    Attributes:
        command_prefix: What precedes the command to run it under this account.
        owner: The user and group that must own its files; None when that is this process's own.
    """

    command_prefix: tuple[str, ...] = ()
    owner: tuple[int, int] | None = None

    def take_ownership(self, folder: Path) -> None:
        """Makes this account the owner of an existing folder."""
        if self.owner is not None:
            os.chown(folder, *self.owner)


@functools.cache
def user_namespaces_allowed() -> bool:
    """Whether root may run a program as another user in a user namespace; many containers forbid it."""
    if shutil.which("unshare") is None:
        return False
    probe = subprocess.run([*USER_NAMESPACE, "true"], capture_output=True, check=False)  # noqa: S603  # our own arguments
    return probe.returncode == 0


def folder_owner_account(program: Path, folder: Path) -> Account:
    """The owner of `folder`, or nobody where root owns it, for root without user namespaces.

    Raises:
        LocalStackError: That account cannot reach the program or the folder.
    """
    status = folder.stat()
    nobody = pwd.getpwnam("nobody")
    user, group = (status.st_uid, status.st_gid) if status.st_uid else (nobody.pw_uid, nobody.pw_gid)
    prefix = ("setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups")
    probe = [*prefix, "sh", "-c", '"$1" --version && cd "$2"', "sh", str(program), str(folder)]
    if shutil.which("setpriv") and subprocess.run(probe, capture_output=True, check=False).returncode == 0:  # noqa: S603  # our own arguments
        return Account(prefix, (user, group))
    raise LocalStackError(
        f"PostgreSQL refuses to run as root. User namespaces are forbidden here, and the user with number {user} "
        f"cannot reach {program} and {folder}. Run this as another user, or give a DATABASE_URL."
    )


def unprivileged_account(program: Path, folder: Path) -> Account:
    """The account that can run `program` on the existing `folder`: this process's own, unless that is root.

    Raises:
        LocalStackError: There is no other account that root could run it under.
    """
    if os.geteuid() != 0:
        return Account()
    if user_namespaces_allowed():
        return Account(USER_NAMESPACE)
    return folder_owner_account(program, folder)
