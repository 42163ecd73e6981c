"""Sample objects that the viewer sees and can act on, from which the example variables are made."""

from datetime import date
from typing import NamedTuple

from domain.models import (
    AccessMandate,
    AccessRight,
    Action,
    Attachment,
    Contract,
    Delivery,
    Document,
    Group,
    GroupLink,
    Membership,
    Message,
    Organisation,
    SelfRegistration,
    Session,
    User,
    WorkRelation,
)


class AccessSamples(NamedTuple):
    """Samples for the examples on managing access; None where the viewer can't act on any.

    Attributes:
        today: The day in Brussels.
        without_work_relation: A visible person without an active or upcoming work relation.
        relation: An active work relation with a right.
        last_day: Its last day.
        right: That right.
        without_right: An active work relation without a right.
        to_dismiss: A mandate that the viewer may end.
        own_mandate: The viewer's own.
    """

    today: date
    without_work_relation: User | None
    relation: WorkRelation | None
    last_day: date | None
    right: AccessRight | None
    without_right: WorkRelation | None
    to_dismiss: AccessMandate | None
    own_mandate: AccessMandate | None


class PeopleSamples(NamedTuple):
    """Samples for the examples on adding people and self-registration.

    Attributes:
        task: A self-registration that the viewer may decide; None without one.
        period: First and last day for its approval; empty where there is a work relation already.
    """

    task: SelfRegistration | None
    period: dict[str, str]


class WorkSamples(NamedTuple):
    """Samples for the examples on documents, actions, mails and sessions; None where the viewer can't act on any.

    Attributes:
        person: The viewer.
        to_assign: An action that the viewer may assign.
        to_release: One that they may release.
        to_complete: One that they may complete.
        any_document: A visible one.
        any_message: Likewise.
        any_action: Likewise.
        to_change: A draft that the viewer may change.
        to_send: A draft that they may send, with all of its files.
        attachment: A file of a draft that they may change.
        to_retry: A mail that failed.
        to_remove: A fixed member of a group that they manage.
        to_end: Another session of theirs; the current one if there is no other.
    """

    person: User | None
    to_assign: Action | None
    to_release: Action | None
    to_complete: Action | None
    any_document: Document | None
    any_message: Message | None
    any_action: Action | None
    to_change: Document | None
    to_send: Document | None
    attachment: Attachment | None
    to_retry: Delivery | None
    to_remove: Membership | None
    to_end: Session | None


class AuthoritySamples(NamedTuple):
    """Samples for the examples of a contracting authority's system; None where the viewer sees none.

    Attributes:
        first: A contract with its organisation.
        newest: The one that the example on publishing creates, once it has been run.
    """

    first: Contract | None
    newest: Contract | None


class Samples(NamedTuple):
    """One object of each type that the viewer sees; None where they see none.

    Attributes:
        access: Samples for the examples on managing access.
        people: For those on adding people and self-registration.
        work: For those on documents, actions, mails and sessions.
        authority: For those of a contracting authority's system.
        organisation: One that the viewer acts for.
        visible_organisation: Any that they see, for those who act for none.
        contract: One without groups, if there is one, for the example on linking groups.
        group: One of their organisation.
        newest_group: The one that the example on creating a group creates, once it has been run.
        group_link: One of their organisation.
        work_relation: Likewise.
        task: A self-registration of theirs, or for them to decide.
    """

    access: AccessSamples
    people: PeopleSamples
    work: WorkSamples
    authority: AuthoritySamples
    organisation: Organisation | None
    visible_organisation: Organisation | None
    contract: Contract | None
    group: Group | None
    newest_group: Group | None
    group_link: GroupLink | None
    work_relation: WorkRelation | None
    task: SelfRegistration | None
