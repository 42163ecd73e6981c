"""What the examples about documents, actions, mails and sessions are filled with: those that each can be tried on."""

from typing import Any, Final

from tortoise.models import Model
from tortoise.queryset import QuerySet

from domain import visibility
from domain.actor import Actor
from domain.models import Action, Attachment, Delivery, Document, Membership, MembershipKind, Message, Session, User
from domain.policies.abilities import POLICIES, Ability
from domain.predicate import Predicate, Where
from domain.rules.delivery_retry import RETRIED
from domain.standing import Standing
from gql.explorer.makers import EXAMPLE_FILE, Known, Maker, given_input, id_of
from gql.reading.ids import global_id

_OF_MANAGED_GROUP: Final = Predicate(
    "exists (select from access_group eg where eg.id = {row}.group_id and eg.active"
    " and eg.organisation_id = any(:administers))"
)


_WAITING: Final = (
    "exists (select from attachment ea where ea.document_id = {row}.id and ea.arrived_at is null"
    " and ea.removed_at is null)"
)
_OF_DRAFT: Final = Predicate(
    "{row}.removed_at is null and exists (select from document ed where ed.id = {row}.document_id"
    f" and ({POLICIES[Document][Ability.UPDATE].on('ed')}))"
)


async def work_examples(actor: Actor, standing: Standing) -> Known:
    """Finds them for one reader, by what the examples call them; None where they can't act on any."""
    actions, drafts = POLICIES[Action], POLICIES[Document]
    failed = Delivery.exclude(address=None).filter(status__in=RETRIED)
    members = Membership.filter(kind=MembershipKind.FIXED, ended_at=None)
    # Another sign-in first: the example is to be tried without ending the one that tries it.
    others = Session.filter(ended_at=None).exclude(id=actor.session_id or 0)
    return {
        "person": await User.get_or_none(id=actor.user_id),
        "to_assign": await _first(Action.all(), actions[Ability.ASSIGN], standing),
        "to_release": await _first(Action.all(), actions[Ability.RELEASE], standing),
        "to_complete": await _first(Action.all(), actions[Ability.COMPLETE], standing),
        "any_document": await _first(Document.all(), visibility.document, standing),
        "any_message": await _first(Message.all(), visibility.message, standing),
        "any_action": await _first(Action.all(), visibility.action, standing),
        "to_change": await _first(Document.all(), drafts[Ability.UPDATE], standing),
        "to_send": await _first(Document.all(), drafts[Ability.SEND] & Predicate(f"not {_WAITING}"), standing),
        "to_take_away": await _first(Attachment.all(), _OF_DRAFT, standing),
        "to_retry": await _first(failed, visibility.delivery, standing),
        "to_remove": await _first(members, _OF_MANAGED_GROUP, standing),
        "to_end": await _first(others, visibility.session, standing)
        or await Session.get_or_none(id=actor.session_id or 0),
    }


async def _first(rows: QuerySet[Any], condition: Predicate, standing: Standing) -> Model | None:
    """The newest that meets the condition."""
    found: Model | None = await rows.filter(Where(condition, standing)).order_by("-id").first()
    return found


def _id(name: str) -> Maker:
    return lambda known: id_of(name)(known["work"])


def _of(name: str, attribute: str, otherwise: Any) -> Maker:
    return lambda known: getattr(known["work"][name], attribute, None) or otherwise


def _key(kind: str, name: str, attribute: str) -> Maker:
    """The id of what a row refers to."""

    def made(known: Known) -> str:
        key = getattr(known["work"][name], attribute, None)
        return global_id(kind, key) if key else ""

    return made


WORK_VALUES: Final[dict[str, dict[str, Maker]]] = {
    "RemoveGroupMember": given_input(
        id=_key("Group", "to_remove", "group_id"), userId=_key("User", "to_remove", "user_id")
    ),
    "NotificationSettings": {"contractId": id_of("Contract"), "theme": lambda _: "INVOICING"},
    "RetryDelivery": given_input(id=_id("to_retry")),
    "ContractWork": {"id": id_of("Contract"), "userId": _id("person")},
    "WhoHasAccess": {"id": id_of("Contract")},
    "DraftDocument": given_input(contractId=id_of("Contract"), themeCode="INVOICING", title="Vorderingsstaat nr. 2"),
    "UpdateDocument": given_input(
        id=_id("to_change"), version=_of("to_change", "version", 1), title="Vorderingsstaat nr. 2, verbeterd"
    ),
    "RequestUpload": given_input(documentId=_id("to_change"), **EXAMPLE_FILE),
    "RemoveAttachment": given_input(id=_id("to_take_away")),
    "SendDocument": given_input(id=_id("to_send"), version=_of("to_send", "version", 1)),
    "DeleteDraftFromList": given_input(id=_id("to_change"), version=_of("to_change", "version", 1)),
    "ActionPicker": {"id": _id("any_action")},
    "DocumentOfMail": {"id": _id("any_document")},
    "MessageOfMail": {"id": _id("any_message")},
    "ActionOfMail": {"id": _id("any_action")},
    "AssignAction": given_input(id=_id("to_assign"), version=_of("to_assign", "version", 1), userId=_id("person")),
    "ReleaseAction": given_input(
        id=_id("to_release"), version=_of("to_release", "version", 1), reason="Ben afwezig tot volgende week"
    ),
    "CompleteAction": given_input(id=_id("to_complete"), version=_of("to_complete", "version", 1)),
    "SetLanguage": given_input(language=_of("person", "language", "NL")),
    "EndSession": given_input(id=_id("to_end")),
}
"""The value of each variable of these examples; `known["work"]` holds what `work_examples` found."""
