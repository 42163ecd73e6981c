"""Objects that the reader of the examples sees and can act on: what the examples' variables are made from."""

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


class AccessExamples(NamedTuple):
    """For the examples about managing access; None where the reader can't act on any.

    Attributes:
        today: The day in Brussels.
        to_engage: A known person without a work relation that runs or is to come.
        relation: A work relation that runs and has a right.
        last_day: Its last day.
        right: That right.
        without_right: A work relation that runs and has none.
        to_dismiss: A mandate that the reader may end.
        own_mandate: The reader's own.
    """

    today: date
    to_engage: User | None
    relation: WorkRelation | None
    last_day: date | None
    right: AccessRight | None
    without_right: WorkRelation | None
    to_dismiss: AccessMandate | None
    own_mandate: AccessMandate | None


class PeopleExamples(NamedTuple):
    """For the examples about adding people and self-registration.

    Attributes:
        task: A request that the reader may decide on; None without one.
        period: The days of the work relation that its approval makes; empty where there is one.
    """

    task: SelfRegistration | None
    period: dict[str, str]


class WorkExamples(NamedTuple):
    """For the examples about documents, actions, mails and sessions; None where the reader can't act on any.

    Attributes:
        person: The reader.
        to_assign: An action that they may assign.
        to_release: One that they may release.
        to_complete: One that they may complete.
        any_document: One that they see.
        any_message: Likewise.
        any_action: Likewise.
        to_change: A draft that they may change.
        to_send: One that they may send, with all of its files.
        to_take_away: A file of a draft that they may change.
        to_retry: A mail that failed.
        to_remove: A fixed member of a group that they manage.
        to_end: Another sign-in of theirs; their own one failing that.
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
    to_take_away: Attachment | None
    to_retry: Delivery | None
    to_remove: Membership | None
    to_end: Session | None


class AuthorityExamples(NamedTuple):
    """For the examples of a contracting authority's system; None where the reader sees none.

    Attributes:
        first: A contract with its organisation.
        newest: The one that the example about publishing has made, once it has been tried.
    """

    first: Contract | None
    newest: Contract | None


class Samples(NamedTuple):
    """One object of each kind that the reader sees; None where they see none.

    Attributes:
        access: For the examples about managing access.
        people: For those about adding people and self-registration.
        work: For those about documents, actions, mails and sessions.
        authority: For those of a contracting authority's system.
        organisation: One that they act for.
        stranger: One that they see who work nowhere.
        contract: One without groups, if there is one: it is for the example about linking groups.
        group: One of their organisation.
        newest_group: The one that the example about making a group has made, once it has been tried.
        group_link: One of their organisation.
        work_relation: Likewise.
        task: A request of theirs, or for them to decide.
    """

    access: AccessExamples
    people: PeopleExamples
    work: WorkExamples
    authority: AuthorityExamples
    organisation: Organisation | None
    stranger: Organisation | None
    contract: Contract | None
    group: Group | None
    newest_group: Group | None
    group_link: GroupLink | None
    work_relation: WorkRelation | None
    task: SelfRegistration | None
