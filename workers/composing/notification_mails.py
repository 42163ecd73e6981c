"""Reads the mails of notifications from the database, at the moment of sending."""

from collections.abc import Collection
from typing import Any, Final

import orjson

from domain.database.connection import database
from domain.models.notification import NotificationLevel, NotificationTrigger
from domain.models.user import Language
from mail_templates import NotificationFacts, contract_link
from settings import Settings
from workers.composing.mail import COLUMNS, Mail

# The explanation lists the groups that led to each delivery, in the order of the deliveries' keys.
_STATEMENT: Final = f"""
select {COLUMNS}, n.trigger, r.level, before.level as after,
  c.id as contract_id,
  n.document_id as about_document, n.message_id as about_message, n.action_id as about_action,
  c.number as contract_number, c.title as contract_title, c.own_reference,
  o.name as organisation, a.name as authority, doc.title as document_title, m.subject as message_subject,
  act.title as action_title, t.name_nl, t.name_fr, t.name_en, t.name_de,
  (select jsonb_agg(g.name order by g.name_key) from access_group g
   where g.id in (
     select key::bigint from jsonb_array_elements_text(r.explanation #> array['chosen', 'ways', (
       select count(*) from delivery e where e.routing_id = d.routing_id and e.id < d.id)::text, 'groups']) key
   )) as groups
from delivery d
join routing r on r.id = d.routing_id
left join routing before on before.id = r.follows_id
join notification n on n.id = r.notification_id
join contract c on c.id = n.contract_id
join organisation o on o.id = c.organisation_id
join organisation a on a.id = c.contracting_authority_id
left join message m on m.id = n.message_id
left join action act on act.id = n.action_id
left join document doc on doc.id = coalesce(n.document_id, m.document_id, act.document_id)
left join theme t on t.id = doc.theme_id
where d.id = any($1::bigint[])"""


async def read_notification_mails(delivery_ids: Collection[int], settings: Settings) -> dict[int, Mail]:
    """The mails of those of these deliveries that belong to notifications, by delivery id; one query."""
    rows = await database().execute_query_dict(_STATEMENT, [list(delivery_ids)])
    return {row["id"]: _mail(row, settings) for row in rows}


def _mail(row: dict[str, Any], settings: Settings) -> Mail:
    facts = NotificationFacts(
        trigger=NotificationTrigger(row["trigger"]),
        language=Language(row["language"]),
        authority=row["authority"],
        organisation=row["organisation"],
        contract_number=row["contract_number"],
        contract_title=row["contract_title"],
        own_reference=row["own_reference"],
        document_title=row["document_title"],
        theme={each: row[f"name_{each.lower()}"] for each in Language} if row["name_nl"] else None,
        message_subject=row["message_subject"],
        action_title=row["action_title"],
        link=contract_link(
            settings.public_url,
            row["contract_id"],
            document_id=row["about_document"],
            message_id=row["about_message"],
            action_id=row["about_action"],
        ),
        level=NotificationLevel(row["level"]),
        groups=tuple(orjson.loads(row["groups"])) if row["groups"] else (),
        after=NotificationLevel(row["after"]) if row["after"] else None,
        sender=settings.mail_from_name,
        helpdesk_address=settings.helpdesk_address,
        helpdesk_phone=settings.helpdesk_phone,
    )
    return Mail.of(row, facts)
