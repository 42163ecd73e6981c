"""What `errors` of a payload holds: what a frontend can show or act on."""

from datetime import datetime
from typing import Any

import strawberry

from gql.schema.enums import ErrorCode, InactiveGroupChoice
from gql.schema.node import Node
from gql.schema.references import AGroup, ATask, AUser


@strawberry.interface(description="Something that was refused.")
class UserError:
    code: ErrorCode = strawberry.field(description="The kind of refusal.")
    refusal: str = strawberry.field(description="The rule by name, such as `CONTRACT_ENDED`.")
    message: str = strawberry.field(
        description="What to tell the person: in the language of ours that `Accept-Language` prefers, else in Dutch."
    )
    path: list[str] | None = strawberry.field(
        description='The input field that is meant, such as `["themeLevels", "0", "level"]`; null for all of it.'
    )

    @classmethod
    def is_type_of(cls, row: Any, _info: Any) -> bool:
        """Was the row made for this type?"""
        return bool(row.error == cls.__name__)


@strawberry.type(description="A field, or the whole input, is refused.")
class FieldError(UserError):
    """A field, or the whole input, is refused."""


@strawberry.type(description="The name is that of a deleted group.")
class InactiveGroupError(UserError):
    inactive_group: AGroup = strawberry.field(description="The deleted group.")
    choices: list[InactiveGroupChoice] = strawberry.field(description="What can be asked for with `onInactive`.")


@strawberry.type(description="The object changed since the version that the change was made from.")
class StaleVersionError(UserError):
    """The object changed in the meantime."""

    current_version: int = strawberry.field(description="The version that it is at.")
    current: Node | None = strawberry.field(description="The object as it is now.")


@strawberry.type(description="Somebody else decided before.")
class AlreadyDecidedError(UserError):
    task: ATask = strawberry.field(description="The task as it was decided.")
    decided_by: AUser | None = strawberry.field(description="Who decided.")
    decided_at: datetime = strawberry.field(description="When it was decided.")
