"""The contacts that may be mailed, and the recipients derived from them: each address is mailed once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from domain.models.user import Language


@dataclass(frozen=True, slots=True)
class Contact:
    """A contract, group, organisation or person that may be mailed, for one reason.

    Attributes:
        address: The address; None if none is filled in.
        group_id: The key of the group that has the address, or through which the person is involved.
        user_id: The key of the person who has the address.
        language: The person's language, if it is known.
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
        address: The address, as the first contact spells it.
        user_id: The key of the person who has the address, if exactly one person does.
        language: The language of the mail.
        explanation: The contacts that have the address, in the codes of a routing's explanation.
    """

    address: str
    user_id: int | None
    language: Language
    explanation: dict[str, Any]


def recipients_of(contacts: Iterable[Contact]) -> tuple[Recipient, ...]:
    """The addresses of the contacts, each once, in the order of the first contact that has it.

    Spellings that differ only in the case of the domain are the same address.
    """
    by_address: dict[tuple[str, str], list[Contact]] = {}
    for contact in contacts:
        if contact.address:
            by_address.setdefault(address_key(contact.address), []).append(contact)
    return tuple(_recipient(address_contacts) for address_contacts in by_address.values())


def address_key(address: str) -> tuple[str, str]:
    """The key by which addresses are compared: the local part exactly, the domain without case."""
    local, _, domain = address.rpartition("@")
    return local, domain.lower()


def _recipient(contacts: list[Contact]) -> Recipient:
    """The recipient for contacts that have the same address."""
    users = sorted({contact.user_id for contact in contacts if contact.user_id is not None})
    languages = {contact.language for contact in contacts}
    explanation = {
        "groups": sorted({contact.group_id for contact in contacts if contact.group_id is not None}),
        "users": users,
        "by": sorted({contact.administrator_by for contact in contacts if contact.administrator_by is not None}),
    }
    return Recipient(
        address=contacts[0].address or "",
        user_id=users[0] if len(users) == 1 else None,
        # People who share an address may have different languages.
        language=(languages.pop() if len(languages) == 1 else None) or Language.NL,
        explanation={name: values for name, values in explanation.items() if values},
    )
