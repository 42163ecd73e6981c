import base64
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import sealed_national_number
from domain.models import User
from domain.sealing import Sealing, SealingError, sealing
from settings import settings
from tests.conftest import Environment

OLD, NEW, OLD_INDEX, NEW_INDEX = (bytes([letter]) * 32 for letter in b"onij")
PURPOSE = "test.value"
NUMBER = "85073003328"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_sealed_value_is_unreadable_and_can_be_unsealed(value: str) -> None:
    sealer = Sealing([NEW, OLD], [NEW_INDEX])
    first, second = sealer.seal(value, PURPOSE), sealer.seal(value, PURPOSE)
    assert sealer.unseal(first, PURPOSE) == sealer.unseal(second, PURPOSE) == value
    assert first != second
    assert len(value) < 4 or value.encode() not in first


@given(st.data())
def test_a_tampered_value_cannot_be_unsealed(data: st.DataObject) -> None:
    sealer = Sealing([NEW], [NEW_INDEX])
    sealed = bytearray(sealer.seal(NUMBER, PURPOSE))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealingError):
        sealer.unseal(bytes(sealed), PURPOSE)


@given(st.binary(max_size=60))
def test_random_bytes_cannot_be_unsealed(sealed: bytes) -> None:
    with pytest.raises(SealingError):
        Sealing([NEW], [NEW_INDEX]).unseal(sealed, PURPOSE)


def test_a_value_can_be_unsealed_for_its_own_purpose_only() -> None:
    sealer = Sealing([NEW], [NEW_INDEX])
    with pytest.raises(SealingError):
        sealer.unseal(sealer.seal(NUMBER, PURPOSE), "test.other")


def test_during_rotation_the_new_key_seals_and_both_keys_unseal() -> None:
    before, during, after = Sealing([OLD], [NEW_INDEX]), Sealing([NEW, OLD], [NEW_INDEX]), Sealing([NEW], [NEW_INDEX])
    old, new = before.seal(NUMBER, PURPOSE), during.seal(NUMBER, PURPOSE)
    assert during.unseal(old, PURPOSE) == during.unseal(new, PURPOSE) == after.unseal(new, PURPOSE) == NUMBER
    assert (during.is_sealed_with_first_key(old), during.is_sealed_with_first_key(new)) == (False, True)
    with pytest.raises(SealingError):
        after.unseal(old, PURPOSE)


def test_the_index_depends_on_the_value_the_index_key_and_the_purpose_only() -> None:
    sealer, other = Sealing([NEW], [NEW_INDEX]), Sealing([OLD], [OLD_INDEX])
    assert sealer.index(NUMBER, PURPOSE) == Sealing([OLD], [NEW_INDEX]).index(NUMBER, PURPOSE)
    assert len({sealer.index(NUMBER, PURPOSE), other.index(NUMBER, PURPOSE), sealer.index(NUMBER, "test.other"),
                sealer.index("85073003329", PURPOSE)}) == 4  # fmt: skip


def test_during_rotation_of_the_index_key_there_are_two_indexes() -> None:
    before, during, after = (Sealing([NEW], keys) for keys in ([OLD_INDEX], [OLD_INDEX, NEW_INDEX], [NEW_INDEX]))
    assert before.next_index(NUMBER, PURPOSE) is None
    assert during.index(NUMBER, PURPOSE) == before.index(NUMBER, PURPOSE)
    assert during.next_index(NUMBER, PURPOSE) == after.index(NUMBER, PURPOSE)
    assert during.indexes(NUMBER, PURPOSE) == [before.index(NUMBER, PURPOSE), after.index(NUMBER, PURPOSE)]


@pytest.mark.parametrize(
    ("keys", "index_keys"),
    [
        ([], [NEW]),
        ([b"short"], [NEW]),
        ([NEW, NEW], [NEW]),
        ([NEW], []),
        ([NEW], [b"short"]),
        ([NEW], [OLD, NEW, b"3" * 32]),
    ],
)
def test_missing_short_and_repeated_keys_are_refused(keys: list[bytes], index_keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="key"):
        Sealing(keys, index_keys)


def test_the_keys_come_from_the_settings(environment: Environment) -> None:
    environment.set(NATIONAL_NUMBER_KEYS=f"{text(NEW)},{text(OLD)}", NATIONAL_NUMBER_INDEX_KEYS=text(NEW_INDEX))
    assert sealing().unseal(Sealing([OLD], [NEW_INDEX]).seal(NUMBER, PURPOSE), PURPOSE) == NUMBER
    environment.set(NATIONAL_NUMBER_KEYS=text(NEW))
    with pytest.raises(SealingError):
        sealing().unseal(Sealing([OLD], [NEW_INDEX]).seal(NUMBER, PURPOSE), PURPOSE)


@pytest.mark.parametrize("key", ["geheim, geheim", "geheim", "géhéím"])
def test_an_invalid_key_is_refused_without_repeating_it(environment: Environment, key: str) -> None:
    environment.set(NATIONAL_NUMBER_KEYS=key)
    with pytest.raises(ValueError, match="key") as raised:
        settings()
    assert key.partition(",")[0] not in str(raised.value)


@pytest.mark.usefixtures("database")
async def test_a_person_is_found_by_number_before_during_and_after_the_rotation_of_the_index(
    environment: Environment,
) -> None:
    environment.set(NATIONAL_NUMBER_INDEX_KEYS=text(OLD_INDEX))
    before = await create_user(NUMBER)
    environment.set(NATIONAL_NUMBER_INDEX_KEYS=f"{text(OLD_INDEX)},{text(NEW_INDEX)}")
    during = await create_user("17073003384")
    assert await User.get(sealed_national_number.has_number(NUMBER)) == before
    assert await User.get(sealed_national_number.has_number("17073003384")) == during
    for user, number in ((before, NUMBER), (during, "17073003384")):
        columns = sealed_national_number.number_columns(number)
        await User.filter(id=user.id).update(
            national_number_index=columns["national_number_next_index"], national_number_next_index=None
        )
        assert await User.get(sealed_national_number.has_number(number)) == user
    environment.set(NATIONAL_NUMBER_INDEX_KEYS=text(NEW_INDEX))
    assert await User.get(sealed_national_number.has_number(NUMBER)) == before
    assert await User.get(sealed_national_number.has_number("17073003384")) == during
    assert sealed_national_number.unsealed_number(await User.get(id=before.id)) == NUMBER


def text(key: bytes) -> str:
    return base64.b64encode(key).decode()


async def create_user(number: str) -> User:
    return await User.create(
        given_name="An",
        family_name="Peeters",
        birth_date=date(1985, 7, 30),
        **sealed_national_number.number_columns(number),
    )
