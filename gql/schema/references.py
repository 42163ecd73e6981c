"""Lazy references to types, for files that import each other."""

from typing import TYPE_CHECKING, Annotated

import strawberry

if TYPE_CHECKING:
    from gql.schema.access_mandate import AccessMandate
    from gql.schema.access_right import AccessRight
    from gql.schema.action import Action
    from gql.schema.contract import Contract
    from gql.schema.contract_access import ContractAccess
    from gql.schema.document import Document
    from gql.schema.group import Group
    from gql.schema.group_link import GroupLink
    from gql.schema.membership import Membership
    from gql.schema.message import Message
    from gql.schema.notification import Notification
    from gql.schema.organisation import Organisation
    from gql.schema.task import SelfRegistrationTask, Task
    from gql.schema.user import User
    from gql.schema.work_relation import WorkRelation

AnAccessMandate = Annotated["AccessMandate", strawberry.lazy("gql.schema.access_mandate")]
AnAccessRight = Annotated["AccessRight", strawberry.lazy("gql.schema.access_right")]
AnAction = Annotated["Action", strawberry.lazy("gql.schema.action")]
AContract = Annotated["Contract", strawberry.lazy("gql.schema.contract")]
AContractAccess = Annotated["ContractAccess", strawberry.lazy("gql.schema.contract_access")]
ADocument = Annotated["Document", strawberry.lazy("gql.schema.document")]
AGroup = Annotated["Group", strawberry.lazy("gql.schema.group")]
AGroupLink = Annotated["GroupLink", strawberry.lazy("gql.schema.group_link")]
AMembership = Annotated["Membership", strawberry.lazy("gql.schema.membership")]
AMessage = Annotated["Message", strawberry.lazy("gql.schema.message")]
ANotification = Annotated["Notification", strawberry.lazy("gql.schema.notification")]
AnOrganisation = Annotated["Organisation", strawberry.lazy("gql.schema.organisation")]
ASelfRegistrationTask = Annotated["SelfRegistrationTask", strawberry.lazy("gql.schema.task")]
ATask = Annotated["Task", strawberry.lazy("gql.schema.task")]
AUser = Annotated["User", strawberry.lazy("gql.schema.user")]
AWorkRelation = Annotated["WorkRelation", strawberry.lazy("gql.schema.work_relation")]
