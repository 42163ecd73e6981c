"""What was refused, worded for the reader."""

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
def test_a_theme_is_told_by_its_name_in_the_readers_language(language: str, message: str):
    assert user_error(SendLevelMissing("id", theme=INVOICING), language).message == message


def test_a_level_that_is_too_low_is_one_rule_whatever_it_is_needed_for():
    kinds = [user_error(kind("id", theme=INVOICING), "nl") for kind in (LevelMissing, SendLevelMissing)]

    assert [(told.code, told.refusal, told.path) for told in kinds] == [("FORBIDDEN", "LEVEL_MISSING", ["id"])] * 2
    assert kinds[0].message == "U mag voor deze opdracht geen dossierstukken opmaken binnen het thema “Facturatie”."


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (Forbidden, "U mag dit inzien, maar u mag deze handeling niet uitvoeren."),
        (PersonRequired, "Enkel een aangemelde persoon kan dit doen, geen systeem."),
        (MachineClientRequired, "Enkel het systeem van de aanbesteder kan dit doen."),
    ],
)
def test_what_is_for_people_or_for_systems_is_one_rule_and_says_whom_it_is_for(kind: type[Forbidden], message: str):
    told = user_error(kind(), "nl")

    assert (told.code, told.refusal, told.message) == ("FORBIDDEN", "FORBIDDEN", message)


def test_a_day_is_told_as_it_is_written_in_belgium():
    told = user_error(LastDayReached("on", last_day=date(2026, 11, 7)), "nl")

    assert told.message.startswith("07.11.2026 is al de laatste dag.")
