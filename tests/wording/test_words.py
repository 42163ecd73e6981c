"""The exact wording of messages in the reader's language."""

from datetime import date

import pytest

from domain.models import Group, NotificationLevel, Role, Theme
from domain.refusals import (
    ContractEnded,
    GivenTwice,
    GroupNameInactive,
    GroupRenamedToInactive,
    MemberWithoutActiveRight,
    RoleNotRequested,
    TextTooLong,
    ThemeHidden,
    WorkRelationTooLong,
)
from gql.explanations import explanation
from gql.user_errors import unexpected_error, user_error

FIRST_ROUTING = {
    "skipped": [
        {"level": "CONTRACT", "reason": "NO_ADDRESS"},
        {"level": "GROUP", "reason": "NO_GROUP_LINKED"},
        {"level": "ORGANISATION", "reason": "NO_ADDRESS"},
        {"level": "USER", "reason": "NO_GROUP_LINKED"},
    ],
    "chosen": {"level": "ADMINISTRATOR", "addresses": 1, "ways": [{"by": ["RIGHT"]}]},
}


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nl", "Deze opdracht is beëindigd en kan enkel nog worden geraadpleegd."),
        ("fr", "Ce marché est terminé et ne peut plus qu'être consulté."),
        ("en", "This contract has ended and can only be read."),
        ("de", "Dieser Auftrag ist beendet und kann nur noch eingesehen werden."),
    ],
)
def test_a_refusal_is_translated(language: str, expected: str) -> None:
    assert user_error(ContractEnded("contractId"), language).message == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nl", "Een werkrelatie duurt hoogstens 4 jaar: tot en met 22.11.2030."),
        ("fr", "Une relation de travail dure au maximum 4 ans\N{NO-BREAK SPACE}: jusqu'au 22.11.2030 inclus."),
        ("en", "A work relation lasts at most 4 years: until 22.11.2030."),
        ("de", "Eine Arbeitsbeziehung dauert höchstens 4 Jahre: bis einschließlich 22.11.2030."),
    ],
)
def test_a_day_is_formatted(language: str, expected: str) -> None:
    refusal = WorkRelationTooLong("validUntil", asked=date(2031, 1, 1), latest=date(2030, 11, 22))
    assert user_error(refusal, language).message == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nl", "Deze rol werd niet aangevraagd. Mogelijke rollen: Beheerder, Gebruiker."),
        ("en", "This role was not asked for. Possible are: Administrator, User."),
    ],
)
def test_roles_are_translated(language: str, expected: str) -> None:
    refusal = RoleNotRequested("roles", 0, possible=[Role.ADMINISTRATOR, Role.USER])
    assert user_error(refusal, language).message == expected
    assert (
        user_error(GivenTwice("roles", 1, what=Role.USER), "nl").message
        == "“Gebruiker” is meer dan één keer opgegeven."
    )


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nl", "Dit telt 12.345 tekens; er zijn er hoogstens 2.000 mogelijk."),
        ("en", "This has 12,345 characters; at most 2,000 are possible."),
        ("de", "Dieser Text hat 12.345 Zeichen; höchstens 2.000 sind möglich."),
    ],
)
def test_a_number_is_formatted(language: str, expected: str) -> None:
    assert user_error(TextTooLong("name", length=12_345, maximum=2_000), language).message == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nl", "Het thema “Veiligheid” is niet in gebruik. Mogelijke thema's: Facturatie, Planning."),
        ("en", "The theme “Safety” is not in use. Possible are: Invoicing, Planning."),
    ],
)
def test_themes_have_their_translated_names(language: str, expected: str) -> None:
    hidden, *possible = (
        Theme(code=en.upper(), name_nl=nl, name_en=en)
        for nl, en in (("Veiligheid", "Safety"), ("Facturatie", "Invoicing"), ("Planning", "Planning"))
    )
    assert user_error(ThemeHidden("themeCode", theme=hidden, possible=possible), language).message == expected


def test_a_deleted_groups_name_offers_only_the_possible_choices() -> None:
    group = Group(name="Ploeg Zuid")
    refusal = GroupNameInactive("name", name=group.name, group=group, choices=("OVERWRITE", "REACTIVATE"))
    assert user_error(refusal, "nl").message == (
        "Een verwijderde groep heeft de naam “Ploeg Zuid”. Overschrijf die groep, activeer ze opnieuw of kies een"
        " andere naam."
    )
    renamed = user_error(GroupRenamedToInactive("name", name=group.name, group=group, choices=("OVERWRITE",)), "nl")
    assert renamed.message == (
        "Een verwijderde groep heeft de naam “Ploeg Zuid”. Overschrijf die groep of kies een andere naam."
    )
    assert (renamed.refusal, renamed.choices) == ("GROUP_NAME_INACTIVE", ["OVERWRITE"])


def test_a_placeholder_in_a_fact_is_left_as_it_is() -> None:
    refusal = MemberWithoutActiveRight("memberUserIds", 0, name="{request_id} {0}")
    assert user_error(refusal, "nl").message == (
        "{request_id} {0} heeft in deze organisatie geen actieve werkrelatie met gebruikersrecht"
        " en kan niet worden toegevoegd."
    )


def test_an_unexpected_error_gives_the_request_id_for_the_helpdesk() -> None:
    assert unexpected_error("5f2c", "nl").message == (
        "Er ging iets mis aan onze kant en er is niets gewijzigd. Geef dit nummer door aan de helpdesk: 5f2c."
    )


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "nl",
            (
                "De opdracht heeft geen e-mailadres. Er is geen groep aan de opdracht gekoppeld."
                " De organisatie heeft geen e-mailadres. Enkel de beheerders hebben een e-mailadres."
            ),
        ),
        (
            "fr",
            (
                "Le marché n'a pas d'adresse e-mail. Aucun groupe n'est lié au marché."
                " L'organisation n'a pas d'adresse e-mail. Seuls les administrateurs ont une adresse e-mail."
            ),
        ),
        (
            "de",
            (
                "Der Auftrag hat keine E-Mail-Adresse. Mit dem Auftrag ist keine Gruppe verknüpft."
                " Die Organisation hat keine E-Mail-Adresse. Nur die Administratoren haben eine E-Mail-Adresse."
            ),
        ),
    ],
)
def test_a_routing_is_explained_level_by_level(language: str, expected: str) -> None:
    assert explanation(language, NotificationLevel.ADMINISTRATOR, FIRST_ROUTING) == expected


def test_a_suppressed_routing_explains_why_nobody_was_mailed() -> None:
    routing = {"skipped": [{"level": "ADMINISTRATOR", "reason": "NO_ADMINISTRATOR"}], "suppressed": "NO_ADDRESS"}
    assert explanation("nl", None, routing) == (
        "De organisatie heeft geen beheerder. Er wordt daarom geen e-mail verstuurd."
    )


SECOND_ROUTING = {
    "after": {"level": "GROUP", "failed": 1, "bounced": 1},
    "skipped": [
        {"level": "ORGANISATION", "reason": "ADDRESS_FAILED", "count": 1},
        {"level": "USER", "reason": "NO_MEMBER"},
    ],
}


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "nl",
            (
                "De e-mails naar de adressen van de groepen konden niet worden bezorgd. De organisatie heeft"
                " hetzelfde e-mailadres. Geen enkele groep met de juiste rechten heeft een lid met een geldig"
                " gebruikersrecht. De beheerders hebben een e-mailadres."
            ),
        ),
        (
            "en",
            (
                "The mails to the addresses of the groups could not be delivered. The organisation has the same e-mail"
                " address. No group with the right rights has a member whose right counts. The administrators have an"
                " e-mail address."
            ),
        ),
    ],
)
def test_a_second_routing_first_explains_the_outcome_of_the_first(language: str, expected: str) -> None:
    routing = SECOND_ROUTING | {"chosen": {"level": "ADMINISTRATOR", "addresses": 1, "ways": [{"by": ["RIGHT"]}]}}
    assert explanation(language, NotificationLevel.ADMINISTRATOR, routing) == expected


def test_a_suppressed_second_routing_says_that_nobody_else_was_mailed() -> None:
    routing = {
        "after": {"level": "ADMINISTRATOR", "failed": 1, "bounced": 0},
        "skipped": [],
        "suppressed": "NO_ADDRESS",
    }
    assert explanation("nl", None, routing) == (
        "De e-mails naar de beheerders konden niet worden bezorgd. Er werd daarom niemand anders verwittigd."
    )
    ended = {"after": {"level": "GROUP", "failed": 1, "bounced": 0}, "skipped": [], "suppressed": "CONTRACT_ENDED"}
    assert explanation("en", None, ended) == (
        "The mails to the addresses of the groups could not be delivered."
        " The contract has ended: nobody is mailed about it any more."
    )
