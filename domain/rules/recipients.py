"""Whom a mail may go to, and the recipients that follow: each address is mailed once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from domain.models.user import Language


@dataclass(frozen=True, slots=True)
class Contact:
    """A contract, group, organisation or person that may be mailed, for one reason.

    Attributes:
        address: None where none is filled in.
        group_id: The group whose address it is, or through which its member is involved.
        user_id: The person whose address it is.
        language: The person's, when it is known.
        administrator_by: What makes the person an administrator: `RIGHT` or `MANDATE`.
    """

    address: str | None
    group_id: int | None = None
    user_id: int | None = None
    language: Language | None = None
    administrator_by: str | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address that is mailed.

    Attributes:
        address: As the first contact spells it.
        user_id: Whose it is, when it is one person's alone.
        language: What its mail is written in.
        explanation: The contacts that it is the address of, in the codes of a routing's explanation.
    """

    address: str
    user_id: int | None
    language: Language
    explanation: dict[str, Any]


def recipients_of(contacts: Iterable[Contact]) -> tuple[Recipient, ...]:
    """The addresses of the contacts, each once, in the order of the first contact that has it.

    Two spellings are one address when they differ in the case of their domain only.
    """
    by_address: dict[tuple[str, str], list[Contact]] = {}
    for contact in contacts:
        if contact.address:
            by_address.setdefault(address_key(contact.address), []).append(contact)
    return tuple(_recipient(sharing) for sharing in by_address.values())


def address_key(address: str) -> tuple[str, str]:
    """What two spellings of one address have in common."""
    local, _, domain = address.rpartition("@")
    return local, domain.lower()


def _recipient(sharing: list[Contact]) -> Recipient:
    """The recipient for contacts that share one address."""
    users = sorted({contact.user_id for contact in sharing if contact.user_id is not None})
    languages = {contact.language for contact in sharing}
    explanation = {
        "groups": sorted({contact.group_id for contact in sharing if contact.group_id is not None}),
        "users": users,
        "by": sorted({contact.administrator_by for contact in sharing if contact.administrator_by is not None}),
    }
    return Recipient(
        address=sharing[0].address or "",
        user_id=users[0] if len(users) == 1 else None,
        # Two people who share an address may not share a language.
        language=(languages.pop() if len(languages) == 1 else None) or Language.NL,
        explanation={name: values for name, values in explanation.items() if values},
    )
