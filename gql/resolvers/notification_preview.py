"""Previews of the mail about an event that has not happened: its recipients and text (manual 4 and 5)."""

from asyncio import gather
from collections.abc import Sequence
from typing import Any, Final

from domain.database.connection import database
from domain.models import Contract, Group, Language, NotificationTrigger, Organisation, Theme
from domain.refusals import Findings, Refusals, Required
from domain.rules.routing import RoutingDecision, decide_routing
from domain.rules.routing_candidates import Candidates, Event, load_all_candidates
from domain.rules.theme import by_code, check_visible
from gql.explanations import example, explanation
from gql.reading.faults import ArgumentRefused
from gql.reading.loaders import Loaders
from gql.reading.sources import Record, source_for
from gql.user_errors import user_error
from mail_templates import NotificationFacts, contract_link, render
from settings import settings

_ABOUT: Final = {
    NotificationTrigger.MESSAGE_RECEIVED: "message_subject",
    NotificationTrigger.ACTION_RELEASED: "action_title",
}
"""The fact of the mail that names the subject of an event, besides the document's title."""


async def notification_preview(
    contract: Contract, loaders: Loaders, trigger: NotificationTrigger, theme_code: str | None = None
) -> Record:
    """Routes the event by the current data, and renders the first recipient's mail; stores nothing.

    Args:
        contract: The contract that it would be about.
        loaders: The viewer's loaders, whose language is that of the explanation.
        trigger: The event. A released action has no releaser.
        theme_code: The theme of the document that it would concern; without one, it concerns the contract itself.

    Raises:
        ArgumentRefused: The theme is unknown or hidden, or is missing for a document.
    """
    theme = await _theme(loaders, trigger, theme_code)
    event = Event(trigger, contract.id, theme.id if theme else None)
    decision = decide_routing(event, await _candidates(loaders, event))
    mail = render(await _facts(contract, loaders, event, theme, decision))
    return Record(
        level=decision.level,
        addresses=[recipient.address for recipient in decision.recipients],
        explanation=explanation(loaders.language, decision.level, decision.explanation),
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
    )


async def _theme(loaders: Loaders, trigger: NotificationTrigger, code: str | None) -> Theme | None:
    findings, theme = Findings(), None
    if code is not None:
        themes = by_code(await loaders.load_batched("themes", _all_themes, ()))
        check_visible(findings, themes, code)
        theme = themes.get(code)
    elif trigger is NotificationTrigger.DOCUMENT_RECEIVED:
        findings.add(Required())
    try:
        findings.raise_if_any()
    except Refusals as refused:
        message = user_error(refused.refusals[0], loaders.language).message
        raise ArgumentRefused(argument="themeCode", message=message) from None
    # A new contract has no theme. The argument is accepted, so that a form can pass the same one for all events.
    return None if trigger is NotificationTrigger.CONTRACT_AVAILABLE else theme


async def _all_themes(keys: list[tuple[Any, ...]]) -> Sequence[list[Theme]]:
    themes = await Theme.all().order_by("id")
    return [themes for _ in keys]


async def _candidates(loaders: Loaders, event: Event) -> Candidates:
    async def load_batch(keys: list[tuple[Any, ...]]) -> list[Candidates]:
        return await load_all_candidates([(contract_id, theme_id) for contract_id, theme_id in keys], database())

    candidates: Candidates = await loaders.load_batched("candidates", load_batch, (event.contract_id, event.theme_id))
    return candidates


async def _facts(
    contract: Contract, loaders: Loaders, event: Event, theme: Theme | None, decision: RoutingDecision
) -> NotificationFacts:
    """The facts of the first recipient's mail; without recipients, of one in the viewer's language."""
    recipient = next(iter(decision.recipients), None)
    language = recipient.language if recipient else Language(loaders.language.upper())
    configuration = settings()
    return NotificationFacts(
        trigger=event.trigger,
        language=language,
        authority=await _name(loaders, contract.contracting_authority_id),
        organisation=await _name(loaders, contract.organisation_id),
        contract_number=contract.number,
        contract_title=contract.title,
        own_reference=contract.own_reference,
        link=contract_link(configuration.public_url, contract.id),
        level=decision.level,
        groups=await _group_names(loaders, recipient.explanation.get("groups", ()) if recipient else ()),
        after=None,
        sender=configuration.mail_from_name,
        helpdesk_address=configuration.helpdesk_address,
        helpdesk_phone=configuration.helpdesk_phone,
        theme={each: getattr(theme, f"name_{each.lower()}") for each in Language} if theme else None,
        **_examples(event, language),
    )


def _examples(event: Event, language: Language) -> dict[str, str]:
    """Examples of the facts about a document, message or action, which doesn't exist."""
    names = [_ABOUT[event.trigger]] if event.trigger in _ABOUT else []
    if event.theme_id is not None:
        names.append("document_title")
    return {name: example(language.lower(), name) for name in names}


async def _name(loaders: Loaders, organisation_id: int) -> str:
    organisation: Any = await loaders.row(source_for(Organisation), organisation_id, checked=False)
    name: str = organisation.name
    return name


async def _group_names(loaders: Loaders, keys: Sequence[int]) -> tuple[str, ...]:
    """The names of groups, in the order of the mail."""
    groups: list[Any] = await gather(*(loaders.row(source_for(Group), key, checked=False) for key in keys))
    return tuple(group.name for group in sorted(groups, key=lambda group: group.name_key))
