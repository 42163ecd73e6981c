"""What one row of the tables of contracts says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Works:
    """One contract.

    Attributes:
        serial: The last figures of its number.
        published: How many days ago the authority published it.
        title: As the authority worded it.
        groups: The groups that are linked to it, by name.
        reference: The organisation's own name for it.
        email: The contract's own address.
        extendable: Whether it is of the type `EXTENDABLE_CONTRACT`.
        ended: How many days ago it ended.
        authority: The letters of who awarded it.
        organisation: The short name of who carries it out.
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
        """What other tables call it."""
        return f"{self.authority}/{self.serial:04}"
