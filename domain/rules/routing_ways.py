"""The ways that lead to addresses, and the addresses that they lead to: each is mailed once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from domain.models.user import Language


@dataclass(frozen=True, slots=True)
class Way:
    """One reason to mail an address, or somebody who has none.

    Attributes:
        address: None where none is filled in.
        group_id: The group whose address it is, or through which its member is involved.
        user_id: The person whose address it is.
        language: The person's, when it is known.
        by: What makes the person an administrator: `RIGHT` or `MANDATE`.
    """

    address: str | None
    group_id: int | None = None
    user_id: int | None = None
    language: Language | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address that is mailed.

    Attributes:
        address: As the first way spells it.
        user_id: Whose it is, when it is one person's alone.
        language: What its mail is written in.
        way: What led to it, in the codes of an explanation.
    """

    address: str
    user_id: int | None
    language: Language
    way: dict[str, Any]


def by_address(ways: Iterable[Way]) -> tuple[Recipient, ...]:
    """The addresses that the ways lead to, each once, in the order of the first way to each.

    Two spellings are one address when they differ in the case of their domain only.
    """
    gathered: dict[tuple[str, str], list[Way]] = {}
    for way in ways:
        if way.address:
            gathered.setdefault(mailbox(way.address), []).append(way)
    return tuple(_recipient(ways_there) for ways_there in gathered.values())


def mailbox(address: str) -> tuple[str, str]:
    """What two spellings of one address have in common."""
    local, _, domain = address.rpartition("@")
    return local, domain.lower()


def _recipient(ways: list[Way]) -> Recipient:
    users = sorted({way.user_id for way in ways if way.user_id is not None})
    languages = {way.language for way in ways}
    found = {
        "groups": sorted({way.group_id for way in ways if way.group_id is not None}),
        "users": users,
        "by": sorted({way.by for way in ways if way.by is not None}),
    }
    return Recipient(
        address=ways[0].address or "",
        user_id=users[0] if len(users) == 1 else None,
        # Two people who share an address may not share a language.
        language=(languages.pop() if len(languages) == 1 else None) or Language.NL,
        way={name: values for name, values in found.items() if values},
    )
