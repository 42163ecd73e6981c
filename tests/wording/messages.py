"""The messages that the code words in the reader's language, found in the code itself."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import TypeVar

import domain
import gql
import gql.audit_actions
import gql.explanations
import gql.live.connections
import gql.schema.health
import gql.user_errors
import identity
import mail_templates
import registers
import workers
from domain.refusals import Refusal
from gql.faults import Fault
from gql.live.connections import CloseReason
from gql.user_errors import unexpected_error
from wording import text

Said = TypeVar("Said", Refusal, Fault)
ROOMS = (domain, gql, identity, mail_templates, registers, workers)


def modules() -> Iterator[ModuleType]:
    """Every module of the program, read, but for migrations."""
    for room in ROOMS:
        for found in walk_packages(room.__path__, f"{room.__name__}."):
            if not found.name.startswith("domain.migrations"):
                yield import_module(found.name)


def wording_modules() -> set[str]:
    """The modules that word messages."""
    return {module.__name__ for module in modules() if vars(module).get("text") is text}


def refusal_messages() -> set[str]:
    """What every refusal says, wherever it is declared, and what is said where nobody expected a failure."""
    list(modules())
    # English is what the code says; a fact that is its own name leaves the message as it was.
    return {refusal.message for refusal in _below(Refusal)} | {unexpected_error("{request_id}", "en").message}


def error_messages() -> set[str]:
    """The messages of top-level errors of ours, wherever declared, and of reasons for closing connections."""
    list(modules())
    faults = {fault.message_template for fault in _below(Fault) if "message_template" in vars(fault)}
    reasons = [value for value in vars(gql.live.connections).values() if isinstance(value, CloseReason)]
    return faults | {reason.message_template for reason in reasons}


def explanation_messages() -> set[str]:
    """The sentences that explain a routing: those of every table in `gql.explanations`."""
    tables = [value for name, value in vars(gql.explanations).items() if name.isupper() and isinstance(value, dict)]
    return {sentence for table in tables for sentence in table.values()}


def health_messages() -> set[str]:
    """What each warning about an organisation says."""
    return set(gql.schema.health.MESSAGES.values())


def audit_action_messages() -> set[str]:
    """What each act is called that audit logs tell of, and who acts without being a person."""
    return {*gql.audit_actions.ACTION_NAMES.values(), *gql.audit_actions.ACTOR_NAMES.values()}


def _below(above: type[Said]) -> Iterator[type[Said]]:
    for kind in above.__subclasses__():
        yield kind
        yield from _below(kind)
