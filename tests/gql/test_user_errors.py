"""Refusals as the errors of payloads, in the language of the request."""

from datetime import date

import pytest

from domain.models import Theme
from domain.refusals import (
    Forbidden,
    LastDayReached,
    LevelMissing,
    MachineClientRequired,
    PersonRequired,
    SendLevelMissing,
)
from gql.user_errors import user_error

INVOICING = Theme(
    code="INVOICING", name_nl="Facturatie", name_fr="Facturation", name_en="Invoicing", name_de="Rechnungsstellung"
)


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("nl", "U mag voor deze opdracht geen dossierstukken verzenden binnen het thema “Facturatie”."),
        ("fr", "Pour ce marché, vous ne pouvez pas envoyer de documents relevant du thème « Facturation »."),
        ("en", "For this contract you may not send documents on the theme “Invoicing”."),
        ("de", "Für diesen Auftrag dürfen Sie im Thema „Rechnungsstellung“ keine Dokumente versenden."),
    ],
)
def test_a_theme_is_named_in_the_language(language: str, message: str):
    assert user_error(SendLevelMissing("id", theme=INVOICING), language).message == message


def test_a_missing_level_has_one_code_and_rule_for_drafting_and_sending():
    errors = [user_error(refusal("id", theme=INVOICING), "nl") for refusal in (LevelMissing, SendLevelMissing)]

    assert [(error.code, error.refusal, error.path) for error in errors] == [("FORBIDDEN", "LEVEL_MISSING", ["id"])] * 2
    assert errors[0].message == "U mag voor deze opdracht geen dossierstukken opmaken binnen het thema “Facturatie”."


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (Forbidden, "U mag dit inzien, maar u mag deze handeling niet uitvoeren."),
        (PersonRequired, "Enkel een aangemelde persoon kan dit doen, geen systeem."),
        (MachineClientRequired, "Enkel het systeem van de aanbesteder kan dit doen."),
    ],
)
def test_a_forbidden_action_has_one_code_and_says_for_whom_it_is(kind: type[Forbidden], message: str):
    error = user_error(kind(), "nl")

    assert (error.code, error.refusal, error.message) == ("FORBIDDEN", "FORBIDDEN", message)


def test_a_day_is_written_in_the_belgian_notation():
    error = user_error(LastDayReached("on", last_day=date(2026, 11, 7)), "nl")

    assert error.message.startswith("07.11.2026 is al de laatste dag.")
