"""The audited actions."""

from gql.audit_actions import ABOUT_ACCESS, ACTION_NAMES, action_name
from gql.context import Context
from gql.reading.sources import Record


async def audit_actions(context: Context) -> list[Record]:
    """The audited actions with their names in the viewer's language."""
    return [
        Record(action=action, name=action_name(context.language, action), about_access=action in ABOUT_ACCESS)
        for action in ACTION_NAMES
    ]
