"""The rows that an actor sees, by the SQL of the domain: what the naive reading is compared with."""

from typing import Any, Final

import orjson
from tortoise.models import Model

from domain import models as m
from domain import visibility
from domain.actor import Actor
from domain.database.connection import database
from domain.predicate import Predicate
from domain.standing import Standing
from domain.statement_parameters import StatementParameters

CONDITIONS: Final[dict[type[Model], Predicate]] = {
    m.AccessMandate: visibility.access_mandate,
    m.AccessRight: visibility.access_right,
    m.Action: visibility.action,
    m.Attachment: visibility.attachment,
    m.AuditEntry: visibility.audit_entry,
    m.Contract: visibility.contract,
    m.ContractType: visibility.everyone,
    m.Delivery: visibility.delivery,
    m.Document: visibility.document,
    m.Group: visibility.group,
    m.GroupLink: visibility.group_link,
    m.Membership: visibility.membership,
    m.Message: visibility.message,
    m.Notification: visibility.notification,
    m.Organisation: visibility.organisation,
    m.Routing: visibility.routing,
    m.SelfRegistration: visibility.task,
    m.Session: visibility.session,
    m.Theme: visibility.everyone,
    m.User: visibility.user,
    m.WorkRelation: visibility.work_relation,
}
"""By table: the condition on the rows that an actor sees."""

VisibleRows = dict[type[Model], dict[int, Any]]


async def fetch_visible(actor: Actor, queries: dict[type[Model], tuple[Predicate, str]]) -> VisibleRows:
    """For each table the value of an expression, by the key of each row that meets the condition; one statement."""
    columns = [
        f"""(select json_object_agg(t.id, {expression}) from "{model._meta.db_table}" t
             where {condition.sql_for("t")}) as "{model.__name__}" """.replace("{row}", "t")
        for model, (condition, expression) in queries.items()
    ]
    parameters = StatementParameters()
    statement = parameters.bind_facts("select " + ", ".join(columns), await Standing.of(actor))
    [row] = await database().execute_query_dict(statement, parameters.values)
    return {model: _by_key(row[model.__name__]) for model in queries}


def _by_key(text: str | None) -> dict[int, Any]:
    return {int(key): value for key, value in orjson.loads(text or "{}").items()}
