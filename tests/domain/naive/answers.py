"""What the database answers for one who asks, about all rows at once."""

from typing import Any

import orjson
from tortoise.models import Model

from domain.actor import Actor
from domain.database.connection import database
from domain.predicate import Predicate
from domain.standing import Standing
from domain.statement_parameters import StatementParameters

Answers = dict[type[Model], dict[int, Any]]


async def answered(actor: Actor, asked: dict[type[Model], tuple[Predicate, str]]) -> Answers:
    """For each table the value of an expression, by the key of each row that a condition holds for: one statement."""
    parts = [
        f"""(select json_object_agg(t.id, {value}) from "{model._meta.db_table}" t
             where {condition.sql_for("t")}) as "{model.__name__}" """.replace("{row}", "t")
        for model, (condition, value) in asked.items()
    ]
    values = StatementParameters()
    text = values.bind_facts("select " + ", ".join(parts), await Standing.of(actor))
    [row] = await database().execute_query_dict(text, values.values)
    return {model: _by_key(row[model.__name__]) for model in asked}


def _by_key(told: Any) -> dict[int, Any]:
    return {int(key): value for key, value in orjson.loads(told or "{}").items()}
