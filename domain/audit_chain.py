"""The hash chain of the audit log: each entry's hash covers the one before it (domain section 8).

An edited entry no longer matches its hash; a removed one leaves a gap; one that was inserted by other means has no
place in the chain. A rewritten or truncated chain no longer contains a head that was copied elsewhere before.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain.database.connection import database

BATCH_SIZE: Final = 5_000
"""How many entries are verified by one statement."""

_HEADS: Final = """
select distinct on (coalesce(l.organisation_id, 0)) o.enterprise_number, l.position, encode(l.hash, 'hex') as hash
from audit_link l left join organisation o on o.id = l.organisation_id
order by coalesce(l.organisation_id, 0), l.position desc"""

_CHAINS: Final = "select distinct coalesce(organisation_id, 0) as chain from audit_link order by 1"

_LINKS: Final = """
select l.position, l.entry_id, l.hash, l.hash = audit_link_hash(
    coalesce(lag(l.hash) over (order by l.position), $3), e) and e.id is not null as fits, e.id is null as gone
from audit_link l left join audit_entry e on e.id = l.entry_id
where coalesce(l.organisation_id, 0) = $1 and l.position > $2 order by l.position limit $4"""

_UNLINKED: Final = """select e.id from audit_entry e
  where not exists (select from audit_link l where l.entry_id = e.id) order by e.id limit 1000"""

_HASH_AT: Final = """select encode(l.hash, 'hex') as hash
  from audit_link l left join organisation o on o.id = l.organisation_id
  where coalesce(o.enterprise_number, '') = $1 and l.position = $2"""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link of a chain.

    Attributes:
        enterprise_number: The organisation's ten digits; empty for what concerns none.
        position: The number of entries in the chain.
        hash: The link's, in hexadecimal.
    """

    enterprise_number: str
    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class ChainFault:
    """A fault in a chain.

    Attributes:
        entry_id: The entry's key; None for a chain as a whole.
        message: What is wrong, for an operator.
    """

    entry_id: int | None
    message: str


async def heads() -> list[Head]:
    """The newest link of every chain; a copy elsewhere proves all entries before it."""
    rows = await database().execute_query_dict(_HEADS)
    return [Head(row["enterprise_number"] or "", row["position"], row["hash"]) for row in rows]


async def verify(copied_heads: Iterable[Head] = ()) -> AsyncIterator[ChainFault]:
    """The faults in all chains, one organisation after the other.

    Args:
        copied_heads: Heads that were copied earlier; each must still be in its chain.
    """
    for row in await database().execute_query_dict(_CHAINS):
        async for fault in _verify_chain(row["chain"]):
            yield fault
    for row in await database().execute_query_dict(_UNLINKED):
        yield ChainFault(row["id"], f"Entry {row['id']} has no place in the chain: it was inserted from outside.")
    for head in copied_heads:
        rows = await database().execute_query_dict(_HASH_AT, [head.enterprise_number, head.position])
        if [row["hash"] for row in rows] != [head.hash]:
            owner = head.enterprise_number or "no organisation"
            yield ChainFault(
                None, f"The chain of {owner} has another link {head.position} than the copy: it was rewritten."
            )


async def _verify_chain(chain: int) -> AsyncIterator[ChainFault]:
    """The faults in one chain, batch by batch."""
    position, previous_hash = 0, b""
    while links := await database().execute_query_dict(_LINKS, [chain, position, previous_hash, BATCH_SIZE]):
        for link in links:
            if message := _fault(link, position + 1):
                yield ChainFault(link["entry_id"], message)
            position, previous_hash = link["position"], link["hash"]


def _fault(link: Mapping[str, Any], expected_position: int) -> str | None:
    if link["position"] != expected_position:
        missing = link["position"] - expected_position
        return f"Before entry {link['entry_id']}, {missing} links are missing: they were removed."
    if link["gone"]:
        return f"Entry {link['entry_id']} is missing: it was removed."
    return None if link["fits"] else f"Entry {link['entry_id']} doesn't fit its hash: it was edited."
