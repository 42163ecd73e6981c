"""Repeated deliveries by an authority's system that got no response to the first one."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.end_to_end.contracts import contract_with
from tests.end_to_end.document_delivery import (
    DELIVER_DOCUMENT,
    document_input,
    mail_about,
    notifications_about,
    unique_title,
)
from tests.end_to_end.people import Json, Visitor
from tests.end_to_end.running import RunningDemo

CONCURRENT = 20
DOCUMENTS = "select id from document where external_id = $1"


def check_that_there_is_one(demo: RunningDemo, admin: Visitor, contract: Json, title: str) -> None:
    """Checks that there is one document, with one notification and one mail."""
    assert mail_about(demo, title)["Subject"].endswith(contract["number"])
    assert len(demo.database.rows(DOCUMENTS, title)) == 1
    [notification] = notifications_about(admin, contract["id"], title)
    [routing] = notification["routings"]
    [delivery] = routing["deliveries"]
    assert delivery["attempts"] == 1


def test_a_repeated_delivery_creates_one_document(demo: RunningDemo, admin: Visitor, machine: Visitor) -> None:
    contract, title = contract_with(admin), unique_title()

    first, second = (machine.ask(DELIVER_DOCUMENT, input=document_input(contract["id"], title)) for _ in range(2))

    assert first == second
    assert first["deliverDocument"]["document"]["title"] == title
    check_that_there_is_one(demo, admin, contract, title)


def test_concurrent_repetitions_of_a_delivery_create_one_document(
    demo: RunningDemo, admin: Visitor, machine: Visitor
) -> None:
    contract, title = contract_with(admin), unique_title()
    all_ready = Barrier(CONCURRENT)

    def deliver_when_all_are_ready(_number: int) -> Json:
        all_ready.wait()
        return machine.ask(DELIVER_DOCUMENT, input=document_input(contract["id"], title))

    with ThreadPoolExecutor(CONCURRENT) as pool:
        results = pool.map(deliver_when_all_are_ready, range(CONCURRENT))
        payloads = [data["deliverDocument"] for data in results]

    assert [payload["errors"] for payload in payloads] == [[]] * CONCURRENT
    assert len({payload["document"]["id"] for payload in payloads}) == 1
    check_that_there_is_one(demo, admin, contract, title)


def test_other_content_under_the_same_id_is_a_conflict(demo: RunningDemo, admin: Visitor, machine: Visitor) -> None:
    contract, title = contract_with(admin), unique_title()
    machine.ask(DELIVER_DOCUMENT, input=document_input(contract["id"], title))

    payload = machine.ask(DELIVER_DOCUMENT, input=document_input(contract["id"], "Iets anders", title))[
        "deliverDocument"
    ]

    assert payload["document"] is None
    [error] = payload["errors"]
    assert (error["code"], error["path"]) == ("CONFLICT", ["externalId"])
    check_that_there_is_one(demo, admin, contract, title)
