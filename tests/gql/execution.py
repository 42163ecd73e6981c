"""Executes one operation in process, as one actor, and captures its SQL statements."""

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
"""The format of the client's log records of a statement and its values; other records are about the pool."""


@dataclass(frozen=True)
class OperationResult:
    """The data and errors as in the response's body, and the SQL texts of the statements in order."""

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


async def execute_operation(actor: Actor, document: str, *, language: str = "en", **variables: Any) -> OperationResult:
    """Executes the only operation of a document."""
    context = Context(actor=actor, language=language, request_id=REQUEST_ID)
    with captured_statements() as captured:
        result = await schema.execute(document, variable_values=variables, context_value=context)
    errors = [format_error(error, REQUEST_ID, language) for error in result.errors or ()]
    return OperationResult(result.data, errors, captured)


async def read(actor: Actor, document: str, *, language: str = "en", **variables: Any) -> Any:
    """Executes the only operation of a document and returns its data; fails if there are errors."""
    result = await execute_operation(actor, document, language=language, **variables)
    assert result.errors == []
    return result.data


class _StatementHandler(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.statements: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, tuple) and record.msg == STATEMENT:
            self.statements.append(str(record.args[0]))


@contextmanager
def captured_statements() -> Iterator[list[str]]:
    """Captures the text of every statement that is sent to the database."""
    log, handler = logging.getLogger("tortoise.db_client"), _StatementHandler()
    level, propagate = log.level, log.propagate
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    # A failed test would show them all.
    log.propagate = False
    try:
        yield handler.statements
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
        log.propagate = propagate
