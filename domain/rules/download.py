"""Downloads of attachments, authorised at every request and range (domain section 5)."""

from domain import visibility
from domain.actor import Actor
from domain.models import Attachment
from domain.refusals import NotFound
from domain.standing import Standing
from domain.where import Where


async def readable_attachment(*, actor: Actor, attachment_id: int | None) -> Attachment:
    """The attachment, if its bytes have arrived and the actor may read them now.

    Raises:
        NotFound: The actor sees no such attachment, or its bytes haven't arrived.
    """
    standing = await Standing.of(actor)
    visible = Attachment.filter(Where(visibility.attachment, standing), id=attachment_id or 0)
    attachment = await visible.filter(arrived_at__not_isnull=True).first()
    if attachment is None:
        raise NotFound
    return attachment
