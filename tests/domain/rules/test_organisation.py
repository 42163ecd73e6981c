"""The organisation's e-mail address (manual 4.3)."""

import pytest

from domain.models import AuditEntry, Organisation
from domain.refusals import EmailAddressInvalid, Forbidden, NotFound, PersonRequired, StaleVersion
from domain.rules.organisation import set_organisation_email
from domain.unchanged import UNCHANGED, Unchanged
from tests import rows
from tests.access_cast import EVERYONE, Cast
from tests.refusals import assert_refused
from tests.table_contents import assert_tables_unchanged


async def set_email(
    cast: Cast, email: str | Unchanged | None, *, who: str = "admin", version: int = 1, key: int | None = 0
) -> Organisation:
    """Sets the address of the cast's organisation, unless another key is given."""
    organisation = cast.organisation.id if key == 0 else key
    return await set_organisation_email(
        actor=cast.actors[who], organisation_id=organisation, version=version, email=email
    )


@pytest.mark.parametrize("who", ["admin", "legal"])
async def test_an_administrator_sets_and_empties_the_email(cast: Cast, who: str):
    changed = await set_email(cast, " info@AANNEMER.example ", who=who)
    assert (changed.email, changed.version) == ("info@aannemer.example", 2)
    emptied = await set_email(cast, None, who=who, version=2)
    assert (emptied.email, emptied.version) == (None, 3)
    assert (await Organisation.get(id=cast.organisation.id)).email is None


async def test_a_change_of_the_email_is_audited_with_before_and_after(cast: Cast):
    await set_email(cast, "info@aannemer.example")
    await set_email(cast, "facturatie@aannemer.example", version=2)
    entry = await AuditEntry.filter(action="ORGANISATION_EMAIL_SET").order_by("-id").first()
    assert entry
    assert (entry.actor_id, entry.subject_id) == (cast.people["admin"].id, cast.organisation.id)
    assert (entry.before, entry.after) == (
        {"email": "info@aannemer.example"},
        {"email": "facturatie@aannemer.example"},
    )


async def test_the_same_or_no_email_changes_nothing(cast: Cast):
    await set_email(cast, "info@aannemer.example")
    async with assert_tables_unchanged():
        assert (await set_email(cast, "info@aannemer.example", version=2)).version == 2
        assert (await set_email(cast, UNCHANGED, version=2)).email == "info@aannemer.example"


@pytest.mark.parametrize(
    "address", ["", " ", "info", "info@", "info@aannemer.example, b@aannemer.example", "a\n@b.example"]
)
async def test_an_invalid_address_is_refused(cast: Cast, address: str):
    async with assert_refused(EmailAddressInvalid, "email"):
        await set_email(cast, address)


async def test_a_stale_version_is_refused_with_the_current_state(cast: Cast):
    current = await set_email(cast, "info@aannemer.example")
    async with assert_refused(StaleVersion, "version", current=current, version=2, given=1):
        await set_email(cast, None)


@pytest.mark.parametrize("who", [who for who in EVERYONE if who not in {"admin", "legal"}])
async def test_only_administrators_set_the_email(cast: Cast, who: str):
    strangers = {"outsider", "newcomer", "nobody"}
    kind = PersonRequired if who == "machine" else Forbidden
    async with assert_refused(NotFound, "id") if who in strangers else assert_refused(kind):
        await set_email(cast, "info@aannemer.example", who=who)


async def test_an_unknown_organisation_is_not_found(cast: Cast):
    other_organisation = await rows.an_organisation()
    for key in (None, 2**62, other_organisation.id):
        async with assert_refused(NotFound, "id"):
            await set_email(cast, None, key=key)
