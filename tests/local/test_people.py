from domain import national_number
from local.people import PEOPLE, persona


def test_there_are_45_different_people_with_valid_numbers() -> None:
    assert len(PEOPLE) == 45
    assert all(national_number.normalised(person.national_number) == person.national_number for person in PEOPLE)
    assert all(national_number.birth_date(person.national_number) for person in PEOPLE)
    for name in ("national_number", "subject"):
        assert len({getattr(person, name) for person in PEOPLE}) == 45


def test_eleven_of_them_have_a_button_with_a_description() -> None:
    keys = [person.key for person in PEOPLE if person.key]
    assert keys == ["legal", "main-manager", "manager", "admin", "sender", "drafter", "reader", "specific",
                    "colleague", "outsider", "newcomer"]  # fmt: skip
    assert all(bool(person.key) == bool(person.description) for person in PEOPLE)


def test_the_newcomer_is_the_last_one() -> None:
    assert persona("newcomer") is PEOPLE[44]
    assert persona("nobody") is None
