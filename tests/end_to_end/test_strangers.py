"""Nobody, somebody from elsewhere, and somebody who has left: what they are told is nothing."""

from typing import Any

import pytest

from tests.end_to_end.conftest import SignIn
from tests.end_to_end.people import Json, Visitor

WHO = "{ viewer { user { fullName } } }"
OF_OTHERS = """{ viewer { user { id } organisations { organisation {
  id enterpriseNumber
  contracts(first: 1, filter: {search: "E313"}) { edges { node { id groupLinks { id group { id } } } } }
  workRelations(first: 1, filter: {search: "Goossens"}) { edges { node { id user { id } right { id } } } }
  notifications(first: 1) { edges { node { id } } }
} } } }"""


def ids_in(data: Any) -> set[str]:
    """Every id in an answer."""
    if isinstance(data, list):
        return {each for part in data for each in ids_in(part)}
    if isinstance(data, dict):
        own = {data["id"]} if "id" in data else set()
        return own | {each for part in data.values() for each in ids_in(part)}
    return set()


def codes(answer: Json) -> set[str]:
    """The codes of the errors at the top of an answer."""
    return {error["extensions"]["code"] for error in answer.get("errors", [])}


def test_nobody_learns_what_can_be_asked_and_that_they_are_nobody(nobody: Visitor) -> None:
    assert nobody.ask(WHO) == {"viewer": None}
    assert "Contract" in [each["name"] for each in nobody.ask("{ __schema { types { name } } }")["__schema"]["types"]]


def test_nobody_is_sent_to_sign_in_whatever_else_they_ask(nobody: Visitor, admin: Visitor, machine: Visitor) -> None:
    for visitor in (admin, machine):
        # Whom subscriptions tell something is tried where they are streamed.
        streamed = {name for name, each in visitor.examples().items() if each["document"].startswith("subscription")}
        for name, example in visitor.examples().items():
            if name in streamed:
                continue
            answer = nobody.post(example["document"], example["variables"])
            if answer["data"] != {"viewer": None}:
                assert codes(answer) == {"UNAUTHENTICATED"}, name
                assert not any((answer["data"] or {}).values()), name


def test_what_belongs_to_others_does_not_exist(admin: Visitor, sign_in: SignIn) -> None:
    data = admin.ask(OF_OTHERS)
    ids = sorted(ids_in(data))
    assert len(ids) >= 7
    everything = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert {node["id"] for node in admin.ask(everything, ids=ids)["nodes"]} == set(ids)
    for persona in ("outsider", "newcomer"):
        stranger = sign_in(persona)
        assert stranger.ask(everything, ids=ids)["nodes"] == [None] * len(ids)
        [place] = data["viewer"]["organisations"]
        by_number = "query ($number: EnterpriseNumber!) { organisation(enterpriseNumber: $number) { id } }"
        assert stranger.ask(by_number, number=place["organisation"]["enterpriseNumber"]) == {"organisation": None}


def test_a_change_to_what_belongs_to_others_is_refused_as_if_it_did_not_exist(admin: Visitor, sign_in: SignIn) -> None:
    outsider = sign_in("outsider")
    foreign = admin.examples()["SetContractGroups"]["variables"]["input"]
    of_another_type = foreign | {"contractId": admin.ask("{ viewer { user { id } } }")["viewer"]["user"]["id"]}
    of_nothing = foreign | {"contractId": "bestaat niet"}

    payloads = [outsider.act("SetContractGroups", **given) for given in (foreign, of_another_type, of_nothing)]

    assert payloads[0] == payloads[1] == payloads[2]
    assert payloads[0]["contract"] is None
    assert [error["code"] for error in payloads[0]["errors"]] == ["NOT_FOUND"]


def test_signing_out_ends_access_for_whoever_holds_the_cookie(admin: Visitor, nobody: Visitor) -> None:
    session = admin.client.cookies["session"]
    nobody.client.cookies.set("session", session)
    assert nobody.ask(WHO)["viewer"]["user"]["fullName"] == "Bart Wouters"

    assert admin.client.post("/signout").status_code == 200

    assert "session" not in admin.client.cookies
    for visitor in (admin, nobody):
        assert visitor.ask(WHO) == {"viewer": None}
        assert codes(visitor.post("{ themes { id } }")) == {"UNAUTHENTICATED"}


def test_another_site_can_sign_nobody_out(admin: Visitor) -> None:
    refused = admin.client.post("/signout", headers={"Origin": "https://elsewhere.example"})
    assert refused.status_code == 403
    assert admin.ask(WHO)["viewer"]["user"]["fullName"] == "Bart Wouters"


@pytest.mark.parametrize("end", ["", "AAAAAA"], ids=["cut off", "with another signature"])
def test_a_bearer_token_that_is_not_to_be_believed_is_refused(machine: Visitor, end: str) -> None:
    worse = machine.client.headers["Authorization"][:-6] + end

    answer = machine.client.post("/graphql", json={"query": WHO}, headers={"Authorization": worse})

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith('Bearer error="invalid_token"')
    assert codes(answer.json()) == {"UNAUTHENTICATED"}


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
def test_neither_is_rubbish(nobody: Visitor, accept: str) -> None:
    headers = {"Authorization": "Bearer onzin", "Accept": accept}
    answer = nobody.client.post("/graphql", json={"query": WHO}, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (401, f"{accept}; charset=utf-8")
    assert answer.headers["cache-control"] == "no-store"
