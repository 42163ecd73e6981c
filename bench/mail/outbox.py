"""Fills the outbox in a few statements; with a file as second argument, moves the mails there, recorded as sent."""

import asyncio
import pickle
import sys
from pathlib import Path

from domain.database.connection import close_database, database, open_database
from local.logins import migrate_and_create_logins
from settings import settings
from tests import rows
from workers.composing.mail import Mail
from workers.composing.notification_mails import read_notification_mails

ORGANISATIONS = 40
BATCH_SIZE = 5000

_CONTRACTS = "select id, organisation_id, contracting_authority_id from contract order by id"

_FILL = """
with numbered as (select c.*, n from (select *, row_number() over (order by id) - 1 as place from contract) c
  join generate_series($1::bigint, $1::bigint + $2::bigint - 1) n on n % (select count(*) from contract) = c.place),
documents as (
  insert into document (contract_id, contracting_authority_id, theme_id, title, direction, status, external_id,
    content_digest, received_at)
  select id, contracting_authority_id, (select id from theme where code = 'INVOICING'),
    'Vorderingsstaat ' || n || ' goedgekeurd op één na', 'FROM_AUTHORITY', 'RECEIVED', 'bench-' || n,
    sha256(n::text::bytea), now() from numbered returning id, contract_id),
notifications as (
  insert into notification (trigger, organisation_id, contract_id, document_id, status)
  select 'DOCUMENT_RECEIVED', c.organisation_id, c.id, d.id, 'ROUTED'
  from documents d join contract c on c.id = d.contract_id
  returning id, organisation_id),
routings as (
  insert into routing (notification_id, level, explanation)
  select id, 'ORGANISATION', '{"skipped": [], "chosen": {"level": "ORGANISATION", "addresses": 1, "ways": [{}]}}'
  from notifications returning id, notification_id)
insert into delivery (routing_id, organisation_id, address, message_id)
select r.id, n.organisation_id, 'post-' || r.id || '@aannemer-' || n.organisation_id || '.example',
  '<' || md5(r.id::text) || '@e-contracting.vlaanderen.be>'
from routings r join notifications n on n.id = r.notification_id"""


async def fill(count: int) -> None:
    """Adds that many mails, spread over the contracts of `ORGANISATIONS` organisations."""
    if not await database().execute_query_dict(_CONTRACTS):
        authority = await rows.an_authority()
        for _ in range(ORGANISATIONS):
            await rows.a_contract(contracting_authority=authority, own_reference="P-2026-118")
    [row] = await database().execute_query_dict("select count(*) as number from document")
    for start in range(0, count, BATCH_SIZE):
        await database().execute_query(_FILL, [row["number"] + start + 1, min(BATCH_SIZE, count - start)])
    for table in ("delivery", "notification", "routing", "document"):
        await database().execute_query(f"analyze {table}")


async def first_mails(count: int) -> list[Mail]:
    """The facts of the first mails, for senders without an outbox; all mails are then recorded as sent."""
    delivery_rows = await database().execute_query_dict("select id from delivery order by id limit $1", [count])
    mails = await read_notification_mails([row["id"] for row in delivery_rows], settings())
    await database().execute_query("update delivery set status = 'SENT', sent_at = now()")
    return list(mails.values())


async def main(count: int, *, return_mails: bool) -> list[Mail]:
    url = settings().owner_url
    await migrate_and_create_logins(url)
    await open_database(url)
    await fill(count)
    mails = await first_mails(count) if return_mails else []
    await close_database()
    return mails


if __name__ == "__main__":
    mails = asyncio.run(main(int(sys.argv[1]), return_mails=bool(sys.argv[2:])))
    if mails:
        Path(sys.argv[2]).write_bytes(pickle.dumps(mails))
