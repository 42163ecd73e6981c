"""The user of verified claims."""

import asyncio
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from domain import sealed_national_number
from domain.models import User
from identity.claims import person_claims
from identity.people import find_user, get_or_create_user, update_user
from identity.refusals import UnusableClaimsError
from tests.conftest import Environment

NUMBER, OTHER_NUMBER = "85073003328", "17073003384"
CLAIMS = {"rrn": NUMBER, "vo_id": "subject-1", "given_name": "An", "family_name": "Peeters"}


async def sign_in(**claims: Any) -> User:
    return await update_user(person_claims(CLAIMS | claims))


@pytest.mark.usefixtures("database")
class TestUsers:
    async def test_concurrent_first_sign_ins_create_one_user(self) -> None:
        users = await asyncio.gather(*[sign_in() for _ in range(8)])
        assert len({user.id for user in users}) == 1
        assert await User.all().count() == 1

    async def test_a_person_with_an_unknown_birth_day_has_no_birth_date(self) -> None:
        user = await sign_in(rrn="40000095579")
        assert user.birth_date is None

    async def test_a_birth_date_from_the_register_is_kept(self) -> None:
        user = await sign_in()
        await User.filter(id=user.id).update(birth_date=date(1985, 7, 29))
        assert (await sign_in()).birth_date == date(1985, 7, 29)

    async def test_names_are_updated_and_kept_when_a_claim_is_missing(self) -> None:
        user = await sign_in()
        updated = await sign_in(family_name="  Peeters-\u0000 Jans\n ")
        assert (updated.id, updated.given_name, updated.family_name) == (user.id, "An", "Peeters- Jans")
        assert (await sign_in(family_name=None)).family_name == "Peeters- Jans"

    async def test_a_person_without_a_number_is_found_by_subject(self) -> None:
        user = await sign_in()
        assert (await sign_in(rrn=None)).id == user.id

    async def test_a_different_number_does_not_replace_the_stored_one(self) -> None:
        user = await sign_in()
        assert (await sign_in(rrn=OTHER_NUMBER)).id == user.id
        assert sealed_national_number.unsealed_number(await User.get()) == NUMBER

    async def test_a_person_with_a_new_subject_is_still_found_by_number(self) -> None:
        user = await sign_in()
        updated = await sign_in(vo_id="subject-2")
        assert (updated.id, updated.subject) == (user.id, "subject-2")

    async def test_the_number_decides_when_number_and_subject_belong_to_two_users(self) -> None:
        first, second = await sign_in(), await sign_in(rrn=OTHER_NUMBER, vo_id="subject-2")
        with capture_logs() as logs:
            user = await sign_in(vo_id="subject-2")
        assert (user.id, user.subject) == (first.id, "subject-1")
        assert logs == [{"event": "subject_of_another_user", "log_level": "warning", "user": first.id}]
        assert (await User.get(id=second.id)).subject == "subject-2"

    @pytest.mark.parametrize("missing", ["rrn", "given_name", "family_name"])
    async def test_an_unknown_person_is_not_created_from_incomplete_claims(self, missing: str) -> None:
        with pytest.raises(UnusableClaimsError):
            await get_or_create_user(person_claims(CLAIMS | {missing: None}))
        assert await User.all().count() == 0

    async def test_an_unknown_number_and_subject_find_nobody(self) -> None:
        await sign_in()
        assert await find_user(person_claims({"rrn": OTHER_NUMBER, "vo_id": "subject-2"})) is None


@pytest.mark.usefixtures("environment")
class TestClaims:
    @pytest.mark.parametrize(
        "claims",
        [{}, {"rrn": "", "vo_id": ""}, {"rrn": "85073003329"}, {"vo_id": "a\x7f"},
         {"rrn": 85073003328}, {"vo_id": ["a"]}, {"vo_id": "a\x00"},
         {"vo_id": "\ud800"}, {"vo_id": "a" * 256}, CLAIMS | {"given_name": {"nl": "An"}}],
    )  # fmt: skip
    def test_malformed_claims_are_refused_without_repeating_them(self, claims: dict[str, Any]) -> None:
        with pytest.raises(UnusableClaimsError) as refusal:
            person_claims(claims)
        assert "8507" not in str(refusal.value)
        assert refusal.value.__cause__ is None

    def test_the_representation_of_claims_holds_no_personal_data(self) -> None:
        assert repr(person_claims(CLAIMS)) == "PersonClaims()"

    def test_the_settings_name_the_claims(self, environment: Environment) -> None:
        environment.set(CLAIM_SUBJECT="sub", CLAIM_NATIONAL_NUMBER="egov_nrn")
        claims = person_claims({"sub": "a", "egov_nrn": "85.07.30-033.28", "rrn": OTHER_NUMBER, "vo_id": "b"})
        assert (claims.subject, claims.national_number) == ("a", NUMBER)


@pytest.mark.usefixtures("environment")
@given(st.dictionaries(st.sampled_from([*CLAIMS, "sub"]), st.none() | st.text() | st.integers() | st.lists(st.text())))
def test_arbitrary_claims_are_accepted_or_refused(claims: dict[str, Any]) -> None:
    try:
        person = person_claims(claims)
    except UnusableClaimsError:
        return
    for text in (person.subject, person.given_name, person.family_name):
        assert text is None or (text.isprintable() and 0 < len(text) <= 255)
