"""The self-registration link, byte for byte as in the manual (2.1.5.1)."""

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
PARAMETERS: dict[str, Any] = {
    "an": "308",
    "dg": "EA",
    "ec": "MOW_eContracting_EA_CompEnt_Gebruiker",
    "ctx": None,
    "oc": NUMBER,
}


def parameters_of(address: str) -> LinkParameters:
    query = dict(parse_qsl(urlsplit(address).query))
    return LinkParameters(query["an"], query["dg"], query["ec"], query.get("ctx"), query["oc"])


@pytest.mark.parametrize(("address", "roles"), LINKS)
def test_the_link_is_built_and_parsed_for_each_choice_of_roles(address: str, roles: list[Role] | None):
    assert build_link(PAGE, NUMBER, roles) == address
    assert parse_link(parameters_of(address)) == LinkRequest(NUMBER, roles)


def test_the_order_of_the_roles_does_not_change_the_link():
    assert build_link(PAGE, NUMBER, [Role.USER, Role.ADMINISTRATOR, Role.USER]) == LINKS[0][0]
    assert build_link(PAGE, NUMBER, []) == LINKS[3][0]


@pytest.mark.parametrize("ctx", ["Beheerder,Gebruiker", "Beheerder, Gebruiker", "Beheerder,%20Gebruiker"])
def test_both_roles_are_parsed_with_and_without_a_space(ctx: str):
    assert parse_link(LinkParameters(**PARAMETERS | {"ctx": ctx})).roles == BOTH


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("an", "309"),
        ("dg", "ea"),
        ("ec", "MOW"),
        *(("ctx", ctx) for ctx in ("", "beheerder", "Beheerder,", "Gebruiker,Beheerder", "Beheerder,Beheerder", "x")),
    ],
)
def test_a_link_with_a_changed_parameter_is_refused(parameter: str, value: str):
    with pytest.raises(Refusals) as raised:
        parse_link(LinkParameters(**PARAMETERS | {parameter: value}), "link")
    [refusal] = raised.value.refusals
    assert (type(refusal), refusal.path) == (SelfRegistrationLinkInvalid, ("link", parameter))


def test_every_invalid_parameter_is_reported():
    with pytest.raises(Refusals) as raised:
        parse_link(LinkParameters("", "", "", "", "KBO-nummer"), "link")
    assert [refusal.path[-1] for refusal in raised.value.refusals] == ["an", "dg", "ec", "ctx", "oc"]
    assert isinstance(raised.value.refusals[-1], EnterpriseNumberInvalid)


def test_the_enterprise_number_is_parsed_in_any_usual_notation():
    assert parse_link(LinkParameters(**PARAMETERS | {"oc": "BE 0123.456.749"})).enterprise_number == NUMBER
