"""Removal of attachments: the rows are closed, the bytes deleted after the commit."""

from datetime import datetime
from typing import Any

from domain.actor_transaction import ActorTransaction
from domain.models import Attachment


async def remove_attachments(act: ActorTransaction, moment: datetime, **filters: Any) -> list[Attachment]:
    """Closes the attachments that match the filters; their objects are deleted after the commit."""
    present = Attachment.filter(removed_at=None, **filters).using_db(act.database)
    attachments = await present.order_by("id")
    await present.update(removed_at=moment)
    act.discarded_keys += [each.storage_key for each in attachments if each.arrived_at]
    return attachments
