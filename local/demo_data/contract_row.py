"""A row of the tables of contracts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract.

    Attributes:
        serial: The serial number within its number.
        published: How many days ago the authority published it.
        title: Its title.
        groups: The names of the groups that are linked to it.
        reference: The organisation's own reference.
        email: The contract's own address.
        extendable: Whether its type is `EXTENDABLE_CONTRACT`.
        ended: How many days ago it ended.
        authority: The letters of the contracting authority.
        organisation: The short name of the contractor.
    """

    serial: int
    published: int
    title: str
    groups: tuple[str, ...] = ()
    reference: str | None = None
    email: str | None = None
    extendable: bool = False
    ended: int | None = None
    authority: str = "AWV"
    organisation: str = "scheldeland"

    @property
    def key(self) -> str:
        """Its key in other tables, such as `AWV/0417`."""
        return f"{self.authority}/{self.serial:04}"
