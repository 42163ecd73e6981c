"""Variables of the examples on documents, actions, mails and sessions, chosen so that each can be run as it is."""

from typing import Final, TypeVar

from tortoise.models import Model
from tortoise.queryset import QuerySet

from domain import visibility
from domain.actor import Actor
from domain.models import Action, Attachment, Delivery, Document, Membership, MembershipKind, Message, Session, User
from domain.policies.abilities import POLICIES, Ability
from domain.predicate import Predicate, all_of, among, exists
from domain.rules.delivery_retry import RETRYABLE
from domain.standing import Standing
from domain.where import Where
from gql.explorer.samples import Samples, WorkSamples
from gql.explorer.value_factories import CONTRACT, EXAMPLE_FILE, ValueFactory, id_of, input_variable, version_of
from gql.reading.ids import global_id

Row = TypeVar("Row", bound=Model)
"""The type of the rows."""

_OF_MANAGED_GROUP: Final = exists(
    "access_group eg", "eg.id = {row}.group_id and eg.active", among("eg.organisation_id", "administers")
)
_HAS_ALL_FILES: Final = Predicate(
    "not exists (select from attachment ea where ea.document_id = {row}.id and ea.arrived_at is null"
    " and ea.removed_at is null)"
)
_OF_DRAFT: Final = all_of(
    "{row}.removed_at is null",
    exists("document ed", "ed.id = {row}.document_id", POLICIES[Document][Ability.UPDATE].aliased("ed")),
)


async def work_samples(actor: Actor, standing: Standing) -> WorkSamples:
    """The samples."""
    actions, drafts = POLICIES[Action], POLICIES[Document]
    failed = Delivery.exclude(address=None).filter(status__in=RETRYABLE)
    members = Membership.filter(kind=MembershipKind.FIXED, ended_at=None)
    # Another session first, so that running the example doesn't end the current one.
    others = Session.filter(ended_at=None).exclude(id=actor.session_id or 0)
    return WorkSamples(
        person=await User.get_or_none(id=actor.user_id),
        to_assign=await _first(Action.all(), actions[Ability.ASSIGN], standing),
        to_release=await _first(Action.all(), actions[Ability.RELEASE], standing),
        to_complete=await _first(Action.all(), actions[Ability.COMPLETE], standing),
        any_document=await _first(Document.all(), visibility.document, standing),
        any_message=await _first(Message.all(), visibility.message, standing),
        any_action=await _first(Action.all(), visibility.action, standing),
        to_change=await _first(Document.all(), drafts[Ability.UPDATE], standing),
        to_send=await _first(Document.all(), drafts[Ability.SEND] & _HAS_ALL_FILES, standing),
        attachment=await _first(Attachment.all(), _OF_DRAFT, standing),
        to_retry=await _first(failed, visibility.delivery, standing),
        to_remove=await _first(members, _OF_MANAGED_GROUP, standing),
        to_end=await _first(others, visibility.session, standing)
        or await Session.get_or_none(id=actor.session_id or 0),
    )


async def _first(rows: QuerySet[Row], condition: Predicate, standing: Standing) -> Row | None:
    """The newest row that meets the condition."""
    return await rows.filter(Where(condition, standing)).order_by("-id").first()


def _id_of_membership_key(kind: str, column: str) -> ValueFactory:
    """A factory for the id of a row that the membership to be removed refers to."""

    def global_id_of(samples: Samples) -> str:
        key = getattr(samples.work.to_remove, column, None)
        return global_id(kind, key) if key else ""

    return global_id_of


def _language(samples: Samples) -> str:
    return (samples.work.person and samples.work.person.language) or "NL"


WORK_VALUES: Final[dict[str, dict[str, ValueFactory]]] = {
    "RemoveGroupMember": input_variable(
        id=_id_of_membership_key("Group", "group_id"),
        userId=_id_of_membership_key("User", "user_id"),
    ),
    "NotificationSettings": {"contractId": CONTRACT, "theme": lambda _: "INVOICING"},
    "RetryDelivery": input_variable(id=id_of(lambda samples: samples.work.to_retry)),
    "ContractWork": {"id": CONTRACT, "userId": id_of(lambda samples: samples.work.person)},
    "WhoHasAccess": {"id": CONTRACT},
    "DraftDocument": input_variable(contractId=CONTRACT, themeCode="INVOICING", title="Vorderingsstaat nr. 2"),
    "UpdateDocument": input_variable(
        id=id_of(lambda samples: samples.work.to_change),
        version=version_of(lambda samples: samples.work.to_change),
        title="Vorderingsstaat nr. 2, verbeterd",
    ),
    "RequestUpload": input_variable(documentId=id_of(lambda samples: samples.work.to_change), **EXAMPLE_FILE),
    "RemoveAttachment": input_variable(id=id_of(lambda samples: samples.work.attachment)),
    "SendDocument": input_variable(
        id=id_of(lambda samples: samples.work.to_send), version=version_of(lambda samples: samples.work.to_send)
    ),
    "DeleteDraftFromList": input_variable(
        id=id_of(lambda samples: samples.work.to_change), version=version_of(lambda samples: samples.work.to_change)
    ),
    "ActionPicker": {"id": id_of(lambda samples: samples.work.any_action)},
    "DocumentOfMail": {"id": id_of(lambda samples: samples.work.any_document)},
    "MessageOfMail": {"id": id_of(lambda samples: samples.work.any_message)},
    "ActionOfMail": {"id": id_of(lambda samples: samples.work.any_action)},
    "AssignAction": input_variable(
        id=id_of(lambda samples: samples.work.to_assign),
        version=version_of(lambda samples: samples.work.to_assign),
        userId=id_of(lambda samples: samples.work.person),
    ),
    "ReleaseAction": input_variable(
        id=id_of(lambda samples: samples.work.to_release),
        version=version_of(lambda samples: samples.work.to_release),
        reason="Ben afwezig tot volgende week",
    ),
    "CompleteAction": input_variable(
        id=id_of(lambda samples: samples.work.to_complete), version=version_of(lambda samples: samples.work.to_complete)
    ),
    "SetLanguage": input_variable(language=_language),
    "EndSession": input_variable(id=id_of(lambda samples: samples.work.to_end)),
}
"""The value of each variable of these examples, by operation."""
