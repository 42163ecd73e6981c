"""Every mutation about documents and their files, by everyone whom the demo knows."""

from dataclasses import dataclass
from typing import Any

import pytest

from domain.models import Attachment, Document, DocumentStatus
from gql.reading.ids import global_id
from tests import rows
from tests.files import announcement
from tests.gql.asking import ask
from tests.gql.everyone import (
    ADMINISTRATORS,
    ALLOWED,
    EVERYONE,
    FORBIDDEN,
    MEMBERS,
    NOT_FOUND,
    UNAUTHENTICATED,
    Setting,
    outcome_of,
    setting,
)
from tests.gql.filing import told

__all__ = ["setting"]

DRAFTERS, SENDERS = ("drafter", "sender"), ("sender",)
ALLOWED_TO: dict[str, tuple[str, ...]] = {
    "draftDocument": DRAFTERS,
    "updateDocument": DRAFTERS,
    "deleteDraft": DRAFTERS,
    "requestUpload": DRAFTERS,
    "removeAttachment": DRAFTERS,
    "sendDocument": SENDERS,
    "deliverDocument": ("machine",),
}
READERS = {*ADMINISTRATORS, *MEMBERS}


@dataclass(frozen=True)
class Work:
    """A draft on the contract, with a file that has arrived."""

    setting: Setting
    draft: Document
    attachment: Attachment

    def input_of(self, mutation: str) -> dict[str, Any]:
        """What each mutation is tried with."""
        draft = {"id": global_id("Document", self.draft.id), "version": 1}
        new = {
            "contractId": global_id("Contract", self.setting.contract.id),
            "themeCode": "INVOICING",
            "title": "Vorderingsstaat 4",
        }
        return {
            "draftDocument": new,
            "updateDocument": {**draft, "title": "Beter"},
            "deleteDraft": draft,
            "requestUpload": {"documentId": draft["id"], **told(announcement(filename="nieuw.pdf"))},
            "removeAttachment": {"id": global_id("Attachment", self.attachment.id)},
            "sendDocument": draft,
            "deliverDocument": {**new, "externalId": "VS-4", "attachments": [told(announcement())]},
        }[mutation]


@pytest.fixture
async def work(setting: Setting) -> Work:
    draft = await rows.a_document(setting.contract, DocumentStatus.DRAFT)
    return Work(setting, draft, await rows.an_attachment(draft, arrived_at=await rows.now()))


def expected(mutation: str, who: str) -> str:
    """What the domain's sections 4 and 5 say; the authority never sees a draft, only the contract."""
    if who == "nobody":
        return UNAUTHENTICATED
    if who in ALLOWED_TO[mutation]:
        return ALLOWED
    sees = {*READERS, "machine"} if mutation in {"draftDocument", "deliverDocument"} else READERS
    return FORBIDDEN if who in sees else NOT_FOUND


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("mutation", ALLOWED_TO)
async def test_it_is_carried_out_or_refused_without_a_trace(work: Work, mutation: str, who: str):
    outcome, changed = await outcome_of(work.setting.actors[who], mutation, work.input_of(mutation))

    assert (outcome, changed) == (expected(mutation, who), outcome == ALLOWED)


@pytest.mark.parametrize("who", EVERYONE)
async def test_an_address_to_download_from_is_for_those_who_read_the_draft(work: Work, who: str):
    document = "query($id: ID!) { node(id: $id) { ... on Attachment { downloadUrl } } }"
    key = global_id("Attachment", work.attachment.id)
    if who == "nobody":
        assert (await ask(work.setting.actors[who], document, id=key)).codes == [UNAUTHENTICATED]
        return

    node = (await ask(work.setting.actors[who], document, id=key)).data["node"]

    assert (node is not None and node["downloadUrl"] is not None) == (who in READERS)
