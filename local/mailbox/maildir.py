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


def make_maildir(folder: Path) -> None:
    """Makes the Maildir at `folder` where it, or a part of it, is missing."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)


def keep_mail(folder: Path, content: bytes, sender: str, recipient: str) -> None:
    """Puts one mail for one recipient on disk, whole or not at all.

    Args:
        folder: The Maildir.
        content: The mail as it came over the wire.
        sender: The envelope's sender, kept as Return-Path.
        recipient: The envelope's recipient, kept as Delivered-To.
    """
    trace = f"Return-Path: <{sender}>\nDelivered-To: {recipient}\n".encode()
    mailbox.Maildir(str(folder)).add(trace + content.replace(b"\r\n", b"\n"))
    # The file is on disk by now; its name in the folder only after this.
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
        """The mail as it was kept, with its Return-Path and Delivered-To."""
        return self.path.read_bytes()

    def message(self) -> EmailMessage:
        """The mail, parsed."""
        return BytesParser(policy=policy.default).parsebytes(self.source())

    def head(self) -> EmailMessage:
        """The mail's head alone, parsed."""
        with self.path.open("rb") as file:
            return BytesParser(policy=policy.default).parse(file, headersonly=True)


def arrived_mails(folder: Path) -> list[ArrivedMail]:
    """Every mail in the Maildir, newest first; none where there is no Maildir yet."""
    mails = [
        (entry.stat().st_mtime_ns, entry.name, Path(entry.path))
        for name in ("new", "cur")
        if (folder / name).is_dir()
        for entry in os.scandir(folder / name)
    ]
    return [
        ArrivedMail(name.partition(":")[0], path, datetime.fromtimestamp(moment / 1e9, UTC))
        for moment, name, path in sorted(mails, key=_turn, reverse=True)
    ]


def _turn(mail: tuple[int, str, Path]) -> tuple[int, list[int]]:
    """By what mails are sorted: of the same few milliseconds, names tell by their numbers which one came first."""
    moment, name, _ = mail
    return moment, [int(number) for number in re.findall(r"\d+", name)]


def arrived_mail(folder: Path, key: str) -> ArrivedMail | None:
    """The mail of that key; None where there is none."""
    return next((mail for mail in arrived_mails(folder) if mail.key == key), None)
