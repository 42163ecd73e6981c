"""The messages that the code translates into the reader's language, found in the code itself."""

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

MessageClass = TypeVar("MessageClass", Refusal, Fault)
PACKAGES = (domain, gql, identity, mail_templates, registers, workers)


def modules() -> Iterator[ModuleType]:
    """Every module of the program, imported, except migrations."""
    for package in PACKAGES:
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith("domain.migrations"):
                yield import_module(module.name)


def wording_modules() -> set[str]:
    """The modules that translate messages."""
    return {module.__name__ for module in modules() if vars(module).get("text") is text}


def refusal_messages() -> set[str]:
    """The messages of all refusals, wherever declared, and of unexpected errors."""
    list(modules())
    # English is the language of the code; a fact that is its own placeholder leaves the message as it is.
    return {refusal.message for refusal in _subclasses(Refusal)} | {unexpected_error("{request_id}", "en").message}


def error_messages() -> set[str]:
    """The messages of top-level errors of ours, wherever declared, and of reasons for closing connections."""
    list(modules())
    faults = {fault.message_template for fault in _subclasses(Fault) if "message_template" in vars(fault)}
    reasons = [value for value in vars(gql.live.connections).values() if isinstance(value, CloseReason)]
    return faults | {reason.message_template for reason in reasons}


def explanation_messages() -> set[str]:
    """The sentences that explain a routing: those of every table in `gql.explanations`."""
    tables = [value for name, value in vars(gql.explanations).items() if name.isupper() and isinstance(value, dict)]
    return {sentence for table in tables for sentence in table.values()}


def health_messages() -> set[str]:
    """The messages of warnings about an organisation's health."""
    return set(gql.schema.health.MESSAGES.values())


def audit_action_messages() -> set[str]:
    """The names of audited actions and of their non-personal actors."""
    return {*gql.audit_actions.ACTION_NAMES.values(), *gql.audit_actions.ACTOR_NAMES.values()}


def _subclasses(base: type[MessageClass]) -> Iterator[type[MessageClass]]:
    for subclass in base.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)
