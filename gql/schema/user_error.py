"""The errors in payloads: refusals, which a frontend can show or act on."""

from datetime import datetime
from typing import Any

import strawberry

from gql.schema.enums import ErrorCode, InactiveGroupChoice
from gql.schema.node import Node
from gql.schema.references import AGroup, ATask, AUser


@strawberry.interface(description="A refusal.")
class UserError:
    code: ErrorCode = strawberry.field(description="The kind of error.")
    refusal: str = strawberry.field(description="The name of the rule, such as `CONTRACT_ENDED`.")
    message: str = strawberry.field(
        description="The message for the user, in the preferred language of `Accept-Language` among nl, fr, en, de; "
        "Dutch by default."
    )
    path: list[str] | None = strawberry.field(
        description='The input field concerned, such as `["themeLevels", "0", "level"]`; null for the whole input.'
    )

    @classmethod
    def is_type_of(cls, row: Any, _info: Any) -> bool:
        """Is the row, made by `gql.user_errors`, of this type?"""
        return bool(row.error == cls.__name__)


@strawberry.type(description="An error of a field or of the whole input.")
class FieldError(UserError):
    """A field, or the whole input, is refused."""


@strawberry.type(description="A deleted group has the name.")
class InactiveGroupError(UserError):
    inactive_group: AGroup = strawberry.field(description="The deleted group.")
    choices: list[InactiveGroupChoice] = strawberry.field(description="The allowed values of `onInactive`.")


@strawberry.type(description="The object has changed since the given version.")
class StaleVersionError(UserError):
    """The object changed in the meantime."""

    current_version: int = strawberry.field(description="The current version.")
    current: Node | None = strawberry.field(description="The current state of the object.")


@strawberry.type(description="The task has already been decided.")
class AlreadyDecidedError(UserError):
    task: ATask = strawberry.field(description="The decided task.")
    decided_by: AUser | None = strawberry.field(description="Who decided.")
    decided_at: datetime = strawberry.field(description="When it was decided.")
