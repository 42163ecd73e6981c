"""From claims to a user."""

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


async def signing_in(**claims: Any) -> User:
    return await update_user(person_claims(CLAIMS | claims))


@pytest.mark.usefixtures("database")
class TestUsers:
    async def test_two_first_sign_ins_at_once_make_one_user(self) -> None:
        users = await asyncio.gather(*[signing_in() for _ in range(8)])
        assert len({user.id for user in users}) == 1
        assert await User.all().count() == 1

    async def test_a_person_with_an_unknown_birth_day_has_no_birth_date(self) -> None:
        user = await signing_in(rrn="40000095579")
        assert user.birth_date is None

    async def test_what_a_register_told_of_the_birth_is_kept(self) -> None:
        user = await signing_in()
        await User.filter(id=user.id).update(birth_date=date(1985, 7, 29))
        assert (await signing_in()).birth_date == date(1985, 7, 29)

    async def test_names_are_kept_up_to_date_and_kept_when_they_are_not_told(self) -> None:
        user = await signing_in()
        changed = await signing_in(family_name="  Peeters-\u0000 Jans\n ")
        assert (changed.id, changed.given_name, changed.family_name) == (user.id, "An", "Peeters- Jans")
        assert (await signing_in(family_name=None)).family_name == "Peeters- Jans"

    async def test_without_a_number_the_subject_finds_the_person(self) -> None:
        user = await signing_in()
        assert (await signing_in(rrn=None)).id == user.id

    async def test_a_corrected_number_is_left_to_the_operator(self) -> None:
        user = await signing_in()
        assert (await signing_in(rrn=OTHER_NUMBER)).id == user.id
        assert sealed_national_number.unsealed_number(await User.get()) == NUMBER

    async def test_a_person_with_a_new_subject_is_still_found_by_number(self) -> None:
        user = await signing_in()
        renewed = await signing_in(vo_id="subject-2")
        assert (renewed.id, renewed.subject) == (user.id, "subject-2")

    async def test_where_number_and_subject_are_two_users_the_number_counts(self) -> None:
        first, second = await signing_in(), await signing_in(rrn=OTHER_NUMBER, vo_id="subject-2")
        with capture_logs() as logs:
            user = await signing_in(vo_id="subject-2")
        assert (user.id, user.subject) == (first.id, "subject-1")
        assert logs == [{"event": "subject_of_another_user", "log_level": "warning", "user": first.id}]
        assert (await User.get(id=second.id)).subject == "subject-2"

    @pytest.mark.parametrize("missing", ["rrn", "given_name", "family_name"])
    async def test_an_unknown_person_of_whom_too_little_is_told_is_not_made(self, missing: str) -> None:
        with pytest.raises(UnusableClaimsError):
            await get_or_create_user(person_claims(CLAIMS | {missing: None}))
        assert await User.all().count() == 0

    async def test_nobody_is_found_by_what_nobody_has(self) -> None:
        await signing_in()
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

    def test_a_persons_claims_don_t_show_when_they_are_printed(self) -> None:
        assert repr(person_claims(CLAIMS)) == "PersonClaims()"

    def test_claims_have_the_names_that_the_settings_give(self, environment: Environment) -> None:
        environment.set(CLAIM_SUBJECT="sub", CLAIM_NATIONAL_NUMBER="egov_nrn")
        claims = person_claims({"sub": "a", "egov_nrn": "85.07.30-033.28", "rrn": OTHER_NUMBER, "vo_id": "b"})
        assert (claims.subject, claims.national_number) == ("a", NUMBER)


@pytest.mark.usefixtures("environment")
@given(st.dictionaries(st.sampled_from([*CLAIMS, "sub"]), st.none() | st.text() | st.integers() | st.lists(st.text())))
def test_claims_are_used_or_refused(claims: dict[str, Any]) -> None:
    try:
        person = person_claims(claims)
    except UnusableClaimsError:
        return
    for text in (person.subject, person.given_name, person.family_name):
        assert text is None or (text.isprintable() and 0 < len(text) <= 255)
