"""The mailboxes that bounces are read from: the standard input, an mbox file, or a Maildir."""

import mailbox
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

_Mailbox: TypeAlias = "mailbox.Mailbox[mailbox.MaildirMessage] | mailbox.Mailbox[mailbox.mboxMessage]"

MAX_SIZE: Final = 10 * 1024 * 1024
"""Octets of one mail, or of the mailbox on the standard input, that are read at most; reports come first in a mail."""


class MailboxError(Exception):
    """The mailbox can't be read: it doesn't exist, is empty, or is locked by another program."""


@contextmanager
def open_mailbox(location: str, standard_input: BinaryIO, *, remove: bool) -> Iterator[Iterator[Message]]:
    """The mails of a mailbox, one after another; each is removed when the next one is requested.

    Args:
        location: An mbox file, a Maildir, or `-` for the standard input.
        standard_input: The standard input: one mail, or an mbox.
        remove: Whether the mails that were read are removed from the mailbox; nothing is removed from the input.

    Raises:
        MailboxError: The mailbox can't be read.
    """
    if location == "-":
        with _open_input(standard_input.read(MAX_SIZE)) as mails:
            yield mails
        return
    try:
        box = _open_path(Path(location))
    except OSError as error:
        raise MailboxError(f"{location} can't be read: {error.strerror}.") from error
    try:
        if remove:
            box.lock()
        yield _iterate(box, remove=remove)
    except mailbox.ExternalClashError as error:
        raise MailboxError(f"Another program has locked {location}; try again.") from error
    finally:
        # Writes the removals, and releases the lock.
        box.close()


@contextmanager
def _open_input(content: bytes) -> Iterator[Iterator[Message]]:
    if not content.strip():
        raise MailboxError("There is no mail on the input.")
    if not content.startswith(b"From "):
        yield iter([_parse(content)])
        return
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        box = mailbox.mbox(file.name, create=False)
        yield _iterate(box, remove=False)
        box.close()


def _open_path(path: Path) -> _Mailbox:
    if not path.exists():
        raise MailboxError(f"There is no mailbox {path}.")
    if not path.is_dir():
        return mailbox.mbox(str(path), create=False)
    if not (path / "cur").is_dir():
        raise MailboxError(f"{path} is a folder, but no Maildir.")
    return mailbox.Maildir(str(path), create=False)


def _iterate(box: _Mailbox, *, remove: bool) -> Iterator[Message]:
    for key in list(box.keys()):
        yield _parse(box.get_bytes(key)[:MAX_SIZE])
        if remove:
            box.remove(key)


def _parse(content: bytes) -> Message:
    """The mail; its headers alone if its parts are nested too deeply for Python."""
    try:
        return message_from_bytes(content)
    except RecursionError:
        return BytesHeaderParser().parsebytes(content)
