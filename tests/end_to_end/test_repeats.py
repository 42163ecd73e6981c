"""An authority's system that isn't sure whether its delivery arrived sends it again."""

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

AT_ONCE = 20
DOCUMENTS = "select id from document where external_id = $1"


def check_that_there_is_one(demo: RunningDemo, admin: Visitor, contract: Json, title: str) -> None:
    """One document, one notification, one mail."""
    assert mail_about(demo, title)["Subject"].endswith(contract["number"])
    assert len(demo.database.rows(DOCUMENTS, title)) == 1
    [notification] = notifications_about(admin, contract["id"], title)
    [routing] = notification["routings"]
    [delivery] = routing["deliveries"]
    assert delivery["attempts"] == 1


def test_the_same_delivery_twice_makes_one_document(demo: RunningDemo, admin: Visitor, machine: Visitor) -> None:
    contract, title = contract_with(admin), unique_title()

    first, second = (machine.ask(DELIVER_DOCUMENT, input=document_input(contract["id"], title)) for _ in range(2))

    assert first == second
    assert first["deliverDocument"]["document"]["title"] == title
    check_that_there_is_one(demo, admin, contract, title)


def test_the_same_delivery_twenty_times_at_once_makes_one_document(
    demo: RunningDemo, admin: Visitor, machine: Visitor
) -> None:
    contract, title = contract_with(admin), unique_title()
    together = Barrier(AT_ONCE)

    def deliver_when_all_are_ready(_number: int) -> Json:
        together.wait()
        return machine.ask(DELIVER_DOCUMENT, input=document_input(contract["id"], title))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = pool.map(deliver_when_all_are_ready, range(AT_ONCE))
        payloads = [answer["deliverDocument"] for answer in answers]

    assert [payload["errors"] for payload in payloads] == [[]] * AT_ONCE
    assert len({payload["document"]["id"] for payload in payloads}) == 1
    check_that_there_is_one(demo, admin, contract, title)


def test_another_delivery_under_the_same_id_is_a_conflict(demo: RunningDemo, admin: Visitor, machine: Visitor) -> None:
    contract, title = contract_with(admin), unique_title()
    machine.ask(DELIVER_DOCUMENT, input=document_input(contract["id"], title))

    payload = machine.ask(DELIVER_DOCUMENT, input=document_input(contract["id"], "Iets anders", title))[
        "deliverDocument"
    ]

    assert payload["document"] is None
    [error] = payload["errors"]
    assert (error["code"], error["path"]) == ("CONFLICT", ["externalId"])
    check_that_there_is_one(demo, admin, contract, title)
