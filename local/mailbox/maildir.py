"""The mails that arrived, one file each in a Maildir."""

import mailbox
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

FOLDERS = ("tmp", "new", "cur")


def create_maildir(folder: Path) -> None:
    """Creates the Maildir at `folder`, or the parts of it that are missing."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)


def store_mail(folder: Path, content: bytes, sender: str, recipient: str) -> None:
    """Stores one mail for one recipient on disk, whole or not at all.

    Args:
        folder: The Maildir.
        content: The mail as it came over the wire.
        sender: The envelope's sender, stored as Return-Path.
        recipient: The envelope's recipient, stored as Delivered-To.
    """
    trace_headers = f"Return-Path: <{sender}>\nDelivered-To: {recipient}\n".encode()
    mailbox.Maildir(str(folder)).add(trace_headers + content.replace(b"\r\n", b"\n"))
    # The file itself is on disk by now; its entry in the folder only after this.
    directory = os.open(folder / "new", os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


@dataclass(frozen=True)
class ArrivedMail:
    """A mail in the Maildir, arrived at a moment in UTC."""

    key: str
    path: Path
    arrived_at: datetime

    def source(self) -> bytes:
        """The mail as it was stored, with its Return-Path and Delivered-To."""
        return self.path.read_bytes()

    def message(self) -> EmailMessage:
        """The mail, parsed."""
        return BytesParser(policy=policy.default).parsebytes(self.source())

    def headers(self) -> EmailMessage:
        """The mail's headers alone, parsed."""
        with self.path.open("rb") as file:
            return BytesParser(policy=policy.default).parse(file, headersonly=True)


def arrived_mails(folder: Path) -> list[ArrivedMail]:
    """Every mail in the Maildir, newest first; none when there is no Maildir yet."""
    entries = [
        (entry.stat().st_mtime_ns, entry.name, Path(entry.path))
        for name in ("new", "cur")
        if (folder / name).is_dir()
        for entry in os.scandir(folder / name)
    ]
    return [
        ArrivedMail(name.partition(":")[0], path, datetime.fromtimestamp(modified_at / 1e9, UTC))
        for modified_at, name, path in sorted(entries, key=_sort_key, reverse=True)
    ]


def _sort_key(entry: tuple[int, str, Path]) -> tuple[int, list[int]]:
    """The time of arrival; within the few milliseconds of its resolution, the numbers in the file's name."""
    modified_at, name, _ = entry
    return modified_at, [int(number) for number in re.findall(r"\d+", name)]


def arrived_mail(folder: Path, key: str) -> ArrivedMail | None:
    """The mail with that key; None when there is none."""
    return next((mail for mail in arrived_mails(folder) if mail.key == key), None)
