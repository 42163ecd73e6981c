"""Visibility of documents, messages, actions and mails: domain sections 4, 5 and 6."""

from domain import models as m
from domain.models import DocumentDirection, DocumentLevel, DocumentStatus
from tests.domain.naive.access import Access, access_for, group_level, level_on
from tests.domain.naive.viewer import Viewer


def contract_of(viewer: Viewer, row: m.Contract | m.Document | m.Message | m.Action | m.Notification) -> m.Contract:
    return row if isinstance(row, m.Contract) else viewer.world.one(m.Contract, row.contract_id)


def is_its_authority(viewer: Viewer, row: m.Document | m.Message | m.Action) -> bool:
    return viewer.authority is not None and contract_of(viewer, row).contracting_authority_id == viewer.authority


def reaches(viewer: Viewer, access: Access, level: DocumentLevel, document_id: int | None) -> bool:
    """Whether the viewer has the level, as USER, on the theme of the document; without a document, on any theme."""
    world = viewer.world
    if document_id is None:
        themes = [theme.id for theme in world.all(m.Theme)]
    else:
        themes = [world.one(m.Document, document_id).theme_id]
    return any(group_level(world, group, theme) >= level for group, _ in access.groups for theme in themes)


def sees_document(viewer: Viewer, document: m.Document) -> bool:
    """With READ on its theme, once it is received; the authority, if it delivered or received it; never if deleted."""
    if document.deleted_at is not None:
        return False
    if is_its_authority(viewer, document):
        return document.direction == DocumentDirection.FROM_AUTHORITY or document.status == DocumentStatus.SENT
    access = access_for(viewer, contract_of(viewer, document))
    is_received = document.status != DocumentStatus.EXPECTED
    return is_received and level_on(viewer.world, access, document.theme_id) >= DocumentLevel.READ


def sees_attachment(viewer: Viewer, attachment: m.Attachment) -> bool:
    document = viewer.world.one(m.Document, attachment.document_id)
    return attachment.removed_at is None and sees_document(viewer, document)


def sees_message(viewer: Viewer, message: m.Message) -> bool:
    access = access_for(viewer, contract_of(viewer, message))
    has_level = access.administrator or reaches(viewer, access, DocumentLevel.READ, message.document_id)
    return is_its_authority(viewer, message) or has_level


def sees_action(viewer: Viewer, action: m.Action) -> bool:
    access = access_for(viewer, contract_of(viewer, action))
    has_level = access.administrator or reaches(viewer, access, DocumentLevel.DRAFT, action.document_id)
    return is_its_authority(viewer, action) or has_level


def sees_notification(viewer: Viewer, notification: m.Notification) -> bool:
    return viewer.administers(notification.organisation_id)


def sees_routing(viewer: Viewer, routing: m.Routing) -> bool:
    return sees_notification(viewer, viewer.world.one(m.Notification, routing.notification_id))


def sees_delivery(viewer: Viewer, delivery: m.Delivery) -> bool:
    """The delivery of a notification, by those who see the notification; that of a letter, by nobody."""
    return delivery.routing_id is not None and sees_routing(viewer, viewer.world.one(m.Routing, delivery.routing_id))
