"""The four links of the manual, byte for byte (manual 2.1.5.1)."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from domain.models import Role
from domain.refusals import EnterpriseNumberInvalid, Refusals, SelfRegistrationLinkInvalid
from domain.self_registration_link import LinkParameters, LinkRequest, build_link, parse_link

PAGE = "https://zelfregistratie-gebruikersbeheer.vlaanderen.be/user/aanvraag"
NUMBER = "0123456749"
START = f"{PAGE}?&an=308&dg=EA&ec=MOW_eContracting_EA_CompEnt_Gebruiker"
BOTH = [Role.ADMINISTRATOR, Role.USER]
LINKS: list[tuple[str, list[Role] | None]] = [
    (f"{START}&ctx=Beheerder,Gebruiker&oc={NUMBER}", BOTH),
    (f"{START}&ctx=Beheerder&oc={NUMBER}", [Role.ADMINISTRATOR]),
    (f"{START}&ctx=Gebruiker&oc={NUMBER}", [Role.USER]),
    (f"{START}&oc={NUMBER}", None),
]
GIVEN: dict[str, Any] = {
    "an": "308",
    "dg": "EA",
    "ec": "MOW_eContracting_EA_CompEnt_Gebruiker",
    "ctx": None,
    "oc": NUMBER,
}


def read(address: str) -> LinkParameters:
    found = dict(parse_qsl(urlsplit(address).query))
    return LinkParameters(found["an"], found["dg"], found["ec"], found.get("ctx"), found["oc"])


@pytest.mark.parametrize(("address", "roles"), LINKS)
def test_the_link_is_fixed_with_two_variable_parts(address: str, roles: list[Role] | None):
    assert build_link(PAGE, NUMBER, roles) == address
    assert parse_link(read(address)) == LinkRequest(NUMBER, roles)


def test_the_order_of_the_question_makes_no_difference():
    assert build_link(PAGE, NUMBER, [Role.USER, Role.ADMINISTRATOR, Role.USER]) == LINKS[0][0]
    assert build_link(PAGE, NUMBER, []) == LINKS[3][0]


@pytest.mark.parametrize("ctx", ["Beheerder,Gebruiker", "Beheerder, Gebruiker", "Beheerder,%20Gebruiker"])
def test_both_roles_are_read_with_and_without_a_space(ctx: str):
    assert parse_link(LinkParameters(**GIVEN | {"ctx": ctx})).roles == BOTH


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        ("an", "309"),
        ("dg", "ea"),
        ("ec", "MOW"),
        *(("ctx", each) for each in ("", "beheerder", "Beheerder,", "Gebruiker,Beheerder", "Beheerder,Beheerder", "x")),
    ],
)
def test_a_link_that_was_changed_is_refused(changed: str, value: str):
    with pytest.raises(Refusals) as caught:
        parse_link(LinkParameters(**GIVEN | {changed: value}), "link")
    [refusal] = caught.value.refusals
    assert (type(refusal), refusal.path) == (SelfRegistrationLinkInvalid, ("link", changed))


def test_everything_that_is_wrong_is_told():
    with pytest.raises(Refusals) as caught:
        parse_link(LinkParameters("", "", "", "", "KBO-nummer"), "link")
    assert [refusal.path[-1] for refusal in caught.value.refusals] == ["an", "dg", "ec", "ctx", "oc"]
    assert isinstance(caught.value.refusals[-1], EnterpriseNumberInvalid)


def test_the_number_is_read_in_any_usual_notation():
    assert parse_link(LinkParameters(**GIVEN | {"oc": "BE 0123.456.749"})).enterprise_number == NUMBER
