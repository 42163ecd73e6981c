"""Anonymous visitors, people of other organisations and signed-out people learn nothing."""

from typing import Any

import pytest

from tests.end_to_end.conftest import SignIn
from tests.end_to_end.people import Json, Visitor

VIEWER = "{ viewer { user { fullName } } }"
OWN_ROWS = """{ viewer { user { id } organisations { organisation {
  id enterpriseNumber
  contracts(first: 1, filter: {search: "E313"}) { edges { node { id groupLinks { id group { id } } } } }
  workRelations(first: 1, filter: {search: "Goossens"}) { edges { node { id user { id } right { id } } } }
  notifications(first: 1) { edges { node { id } } }
} } } }"""


def ids_in(data: Any) -> set[str]:
    """Every id in a response."""
    if isinstance(data, list):
        return {id_ for item in data for id_ in ids_in(item)}
    if isinstance(data, dict):
        own_id = {data["id"]} if "id" in data else set()
        return own_id | {id_ for value in data.values() for id_ in ids_in(value)}
    return set()


def codes(body: Json) -> set[str]:
    """The codes of the errors of a response."""
    return {error["extensions"]["code"] for error in body.get("errors", [])}


def test_an_anonymous_visitor_reads_the_schema_and_has_no_viewer(nobody: Visitor) -> None:
    assert nobody.ask(VIEWER) == {"viewer": None}
    types = nobody.ask("{ __schema { types { name } } }")["__schema"]["types"]
    assert "Contract" in [type_["name"] for type_ in types]


def test_every_other_operation_of_an_anonymous_visitor_is_unauthenticated(
    nobody: Visitor, admin: Visitor, machine: Visitor
) -> None:
    for visitor in (admin, machine):
        for name, example in visitor.examples().items():
            # Subscriptions are tested where they are streamed.
            if example["document"].startswith("subscription"):
                continue
            body = nobody.post(example["document"], example["variables"])
            if body["data"] != {"viewer": None}:
                assert codes(body) == {"UNAUTHENTICATED"}, name
                assert not any((body["data"] or {}).values()), name


def test_rows_of_another_organisation_do_not_exist(admin: Visitor, sign_in: SignIn) -> None:
    data = admin.ask(OWN_ROWS)
    ids = sorted(ids_in(data))
    assert len(ids) >= 7
    nodes = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert {node["id"] for node in admin.ask(nodes, ids=ids)["nodes"]} == set(ids)
    for persona in ("outsider", "newcomer"):
        stranger = sign_in(persona)
        assert stranger.ask(nodes, ids=ids)["nodes"] == [None] * len(ids)
        [standing] = data["viewer"]["organisations"]
        by_number = "query ($number: EnterpriseNumber!) { organisation(enterpriseNumber: $number) { id } }"
        assert stranger.ask(by_number, number=standing["organisation"]["enterpriseNumber"]) == {"organisation": None}


def test_a_mutation_of_another_organisations_row_is_refused_like_an_unknown_id(admin: Visitor, sign_in: SignIn) -> None:
    outsider = sign_in("outsider")
    foreign_contract = admin.examples()["SetContractGroups"]["variables"]["input"]
    other_type = foreign_contract | {"contractId": admin.ask("{ viewer { user { id } } }")["viewer"]["user"]["id"]}
    unknown_id = foreign_contract | {"contractId": "bestaat niet"}

    payloads = [outsider.act("SetContractGroups", **fields) for fields in (foreign_contract, other_type, unknown_id)]

    assert payloads[0] == payloads[1] == payloads[2]
    assert payloads[0]["contract"] is None
    assert [error["code"] for error in payloads[0]["errors"]] == ["NOT_FOUND"]


def test_signing_out_ends_the_session_for_every_holder_of_its_cookie(admin: Visitor, nobody: Visitor) -> None:
    session = admin.client.cookies["session"]
    nobody.client.cookies.set("session", session)
    assert nobody.ask(VIEWER)["viewer"]["user"]["fullName"] == "Bart Wouters"

    assert admin.client.post("/signout").status_code == 200

    assert "session" not in admin.client.cookies
    for visitor in (admin, nobody):
        assert visitor.ask(VIEWER) == {"viewer": None}
        assert codes(visitor.post("{ themes { id } }")) == {"UNAUTHENTICATED"}


def test_a_sign_out_from_another_origin_is_refused(admin: Visitor) -> None:
    response = admin.client.post("/signout", headers={"Origin": "https://elsewhere.example"})
    assert response.status_code == 403
    assert admin.ask(VIEWER)["viewer"]["user"]["fullName"] == "Bart Wouters"


@pytest.mark.parametrize("end", ["", "AAAAAA"], ids=["cut off", "with another signature"])
def test_a_bearer_token_with_an_invalid_signature_is_refused(machine: Visitor, end: str) -> None:
    forged = machine.client.headers["Authorization"][:-6] + end

    response = machine.client.post("/graphql", json={"query": VIEWER}, headers={"Authorization": forged})

    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith('Bearer error="invalid_token"')
    assert codes(response.json()) == {"UNAUTHENTICATED"}


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
def test_a_bearer_token_that_is_none_is_refused_in_the_accepted_media_type(nobody: Visitor, accept: str) -> None:
    headers = {"Authorization": "Bearer onzin", "Accept": accept}
    response = nobody.client.post("/graphql", json={"query": VIEWER}, headers=headers)
    assert (response.status_code, response.headers["content-type"]) == (401, f"{accept}; charset=utf-8")
    assert response.headers["cache-control"] == "no-store"
