"""Where mails that came back are read from: the input, an mbox file, or a Maildir."""

import mailbox
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

_Box: TypeAlias = "mailbox.Mailbox[mailbox.MaildirMessage] | mailbox.Mailbox[mailbox.mboxMessage]"

LARGEST: Final = 10 * 1024 * 1024
"""Octets of one mail, or of one mailbox on the input, that are read at most; the report stands at its beginning."""


class MailboxError(Exception):
    """There is nothing to read: no such file, no mail, or another program has locked it."""


@contextmanager
def opened_mailbox(place: str, standard_input: BinaryIO, *, remove: bool) -> Iterator[Iterator[Message]]:
    """The mails in a place, one after another; each is taken out of it when the next one is asked for.

    Args:
        place: An mbox file, a Maildir, or `-` for the input.
        standard_input: The input: one mail, or an mbox.
        remove: Whether those that were read are to be taken out of the mailbox; the input stays what it is.

    Raises:
        MailboxError: There is nothing to read.
    """
    if place == "-":
        with _on_input(standard_input.read(LARGEST)) as mails:
            yield mails
        return
    try:
        box = _found(Path(place))
    except OSError as error:
        raise MailboxError(f"{place} can't be read: {error.strerror}.") from error
    try:
        if remove:
            box.lock()
        yield _each(box, remove=remove)
    except mailbox.ExternalClashError as error:
        raise MailboxError(f"Another program has locked {place}; try again.") from error
    finally:
        # Writes what was taken out, and gives back the lock.
        box.close()


@contextmanager
def _on_input(content: bytes) -> Iterator[Iterator[Message]]:
    if not content.strip():
        raise MailboxError("There is no mail on the input.")
    if not content.startswith(b"From "):
        yield iter([_parsed(content)])
        return
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        box = mailbox.mbox(file.name, create=False)
        yield _each(box, remove=False)
        box.close()


def _found(path: Path) -> _Box:
    if not path.exists():
        raise MailboxError(f"There is no mailbox {path}.")
    if not path.is_dir():
        return mailbox.mbox(str(path), create=False)
    if not (path / "cur").is_dir():
        raise MailboxError(f"{path} is a folder, but no Maildir.")
    return mailbox.Maildir(str(path), create=False)


def _each(box: _Box, *, remove: bool) -> Iterator[Message]:
    for key in list(box.keys()):
        yield _parsed(box.get_bytes(key)[:LARGEST])
        if remove:
            box.remove(key)


def _parsed(content: bytes) -> Message:
    """The mail; only its head where parts stand in parts deeper than Python can follow."""
    try:
        return message_from_bytes(content)
    except RecursionError:
        return BytesHeaderParser().parsebytes(content)
