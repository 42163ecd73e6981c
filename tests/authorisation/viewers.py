"""The viewers: the columns of the table."""

from typing import Final

VIEWERS: Final[dict[str, str]] = {
    "legal": "a legal representative of the organisation",
    "main": "its main access manager, without a right",
    "manager": "one of its access managers, without a right",
    "admin": "ADMINISTRATOR there",
    "sender": "USER there, in a group with SEND on invoicing and WRITE on the own reference",
    "drafter": "USER there, in a group with DRAFT on invoicing",
    "reader": "USER there, in a group with READ on invoicing",
    "specific": "USER there, a contract-specific member of the reader's group",
    "colleague": "USER there, in no group",
    "former": "ADMINISTRATOR there until their work relation ended",
    "applicant": "a person with an open request for a right there",
    "newcomer": "a person without any organisation",
    "outsider": "ADMINISTRATOR and access manager of another organisation",
    "authority": "the system of the authority that awarded the organisation's contracts",
    "stranger": "the system of another authority",
    "nobody": "not signed in",
}
"""Each viewer's column and description."""
