"""Asks the API in process: one operation, by one actor, with the statements that it took."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from domain.actor import Actor
from domain.models import Organisation, User
from gql.context import Context
from gql.errors import format_error
from gql.schema import schema

REQUEST_ID = "00000000000000000000000000000001"
STATEMENT = "%s: %s"
"""How the client's own log tells a statement and its values; other lines are about the pool."""


@dataclass(frozen=True)
class Answer:
    """What came back, as the response's body has it, and the texts of the statements in order."""

    data: Any
    errors: list[dict[str, Any]]
    statements: list[str]

    @property
    def codes(self) -> list[str]:
        return [error["extensions"]["code"] for error in self.errors]


def person(user: User | int, organisation: Organisation | None = None) -> Actor:
    """A person, narrowed to one organisation when it is given, as a token that names one does."""
    user_id = user if isinstance(user, int) else user.id
    return Actor(user_id=user_id, organisation_id=organisation.id if organisation else None)


def machine(authority: Organisation) -> Actor:
    """The machine client of a contracting authority."""
    return Actor(authority_id=authority.id, name="Systeem van het agentschap")


async def ask(actor: Actor, document: str, *, language: str = "en", **variables: Any) -> Answer:
    """Runs the only operation of a document."""
    context = Context(actor=actor, language=language, request_id=REQUEST_ID)
    with statements() as taken:
        result = await schema.execute(document, variable_values=variables, context_value=context)
    errors = [format_error(error, REQUEST_ID, language) for error in result.errors or ()]
    return Answer(result.data, errors, taken)


async def read(actor: Actor, document: str, *, language: str = "en", **variables: Any) -> Any:
    """The data of an answer without errors."""
    answer = await ask(actor, document, language=language, **variables)
    assert answer.errors == []
    return answer.data


class _Texts(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.taken: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, tuple) and record.msg == STATEMENT:
            self.taken.append(str(record.args[0]))


@contextmanager
def statements() -> Iterator[list[str]]:
    """Gathers the text of every statement that goes to the database."""
    log, texts = logging.getLogger("tortoise.db_client"), _Texts()
    level, propagate = log.level, log.propagate
    log.addHandler(texts)
    log.setLevel(logging.DEBUG)
    # A failed test would show them all.
    log.propagate = False
    try:
        yield texts.taken
    finally:
        log.removeHandler(texts)
        log.setLevel(level)
        log.propagate = propagate
