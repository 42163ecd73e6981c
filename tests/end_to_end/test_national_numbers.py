"""After people were looked up and added, no national register number is in anything the stack stored or sent."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from redis import Redis

from local.demo_data.registers import STRANGERS
from local.people import persona
from local.servers.socket_folder import socket_folder
from local.servers.valkey import ValkeyServer
from tests.end_to_end.conftest import SignIn
from tests.end_to_end.document_delivery import wait_until_all_is_sent
from tests.end_to_end.people import Json, Visitor
from tests.end_to_end.running import RunningDemo
from tests.identity.test_privacy import spellings
from tests.local.conftest import wait_until

KAREN, JAN = STRANGERS[1].national_number, STRANGERS[3].national_number
UNKNOWN: Final = "85030112205"
"""Valid, and of no person."""
INVALID: Final = "85030112206"
CONTROLS: Final = {
    "postgres/": b"Lemmens",
    "person.family_name": b"Lemmens",
    "response": b"Lemmens",
    "mail/": b"Maarten",
    "valkey/": b"deliver_notification",
    "logs/": b"deliveries_sent",
}
"""A text that is at each place for certain, which shows that a number would be found there."""

UPDATE = """mutation ($input: UpdateWorkRelationInput!) {
  updateWorkRelation(input: $input) { workRelation { version } errors { message } } }"""
COLUMNS = """select table_name, column_name from information_schema.columns
  where table_schema = 'public' and data_type in ('text', 'character varying', 'jsonb', 'json', 'bytea')"""


def dotted(number: str) -> str:
    return f"{number[:2]}.{number[2:4]}.{number[4:6]}-{number[6:9]}.{number[9:]}"


class RecordedResponses:
    """Everything sent to visitors: the URLs, headers and bodies of all responses."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def record(self, visitor: Visitor) -> Visitor:
        visitor.client.event_hooks = {"response": [self._add]}
        return visitor

    def _add(self, response: httpx.Response) -> None:
        response.read()
        self.texts += [str(response.request.url), str(response.headers), response.text]


@pytest.fixture
def recorded_responses() -> RecordedResponses:
    return RecordedResponses()


def look_up_and_add(manager: Visitor) -> str:
    """Looks up and adds known, unknown and invalid numbers in several notations; returns the id of an added person."""
    for number in (KAREN, dotted(KAREN), f" {JAN[:6]} {JAN[6:]} "):
        assert manager.act("LookUpPerson", nationalNumber=number)["errors"] == []
    for number in (UNKNOWN, dotted(UNKNOWN), INVALID, f"{KAREN}0", f"x{JAN}"):
        for example in ("LookUpPerson", "AddPerson"):
            assert manager.act(example, nationalNumber=number)["errors"], number
        # A number in an invalid document must not be logged either.
        manager.post(f'mutation {{ addPerson(input: {{nationalNumber: "{number}", nowhere: 1}}) {{ user {{ id }} }} }}')
    assert manager.act("AddPerson", nationalNumber=dotted(JAN))["errors"] == []
    added = manager.act("AddPerson", nationalNumber=KAREN)
    assert added["user"]["maskedNationalNumber"] == f"{dotted(KAREN)[:8]}-***.**"
    return str(added["user"]["id"])


def cause_mails(manager: Visitor, newcomer: Visitor, user_id: str) -> None:
    """Changes the address of a new work relation, and requests and approves a self-registration."""
    relation = manager.act("CreateWorkRelation", userId=user_id, email="karen@scheldeland.example")["workRelation"]
    update = {"id": relation["id"], "version": relation["version"], "email": "karen.lemmens@scheldeland.example"}
    assert manager.ask(UPDATE, input=update)["updateWorkRelation"]["errors"] == []
    link: Json = newcomer.examples()["SelfRegistrationPage"]["variables"]["link"]
    requested = newcomer.act("RequestSelfRegistration", link=link, email="maarten@elders.example")
    assert requested["errors"] == []
    approval = manager.examples()["ApproveSelfRegistration"]["variables"]["input"]
    approved = manager.act("ApproveSelfRegistration", **approval | {"id": requested["task"]["id"], "roles": ["USER"]})
    assert approved["errors"] == [], approved


def wait_for_mails(demo: RunningDemo) -> None:
    expected = {"karen@scheldeland.example", "maarten@elders.example"}
    wait_until(lambda: expected <= {mail["Delivered-To"] for mail in demo.mails()})
    # The worker logs them shortly after they were sent.
    wait_until_all_is_sent(demo)
    wait_until(lambda: "deliveries_sent" in (demo.folder.logs / "worker.log").read_text())


def in_files(demo: RunningDemo) -> Iterator[tuple[str, bytes]]:
    """Every file of the data folder: logs, mails, the queue's file, the cluster with its write-ahead log, keys."""
    demo.database.rows("checkpoint")
    for path in sorted(demo.folder.path.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(demo.folder.path)), _read(path)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:  # the servers are running and may delete files
        return b""


def in_queue(demo: RunningDemo) -> Iterator[tuple[str, bytes]]:
    """Every key of Valkey, with its value."""
    server = ValkeyServer(demo.folder.valkey, socket_folder(demo.folder.sockets))
    with closing(Redis.from_url(server.url())) as queue:
        for key in queue.scan_iter("*"):
            yield f"valkey {key!r}", key + (queue.dump(key) or b"")


def in_database(demo: RunningDemo) -> Iterator[tuple[str, bytes]]:
    """Every value of each column that could contain a number in plain text."""
    for column in demo.database.rows(COLUMNS):
        table, name = column["table_name"], column["column_name"]
        for row in demo.database.rows(f'select "{name}" as value from "{table}" where "{name}" is not null'):
            value: Any = row["value"]
            yield f"{table}.{name}", value if isinstance(value, bytes) else str(value).encode()


def test_no_number_is_stored_or_sent_after_people_were_looked_up_and_added(
    last_test_of_demo: RunningDemo, sign_in: SignIn, recorded_responses: RecordedResponses
) -> None:
    demo, manager, newcomer = last_test_of_demo, sign_in("manager"), sign_in("newcomer")
    for visitor in (manager, newcomer):
        recorded_responses.record(visitor)
    cause_mails(manager, newcomer, look_up_and_add(manager))
    wait_for_mails(demo)

    contents = [*in_files(demo), *in_queue(demo), *in_database(demo), ("console", demo.said.encode())]
    contents += [("response", text.encode()) for text in recorded_responses.texts]

    for place, control in CONTROLS.items():
        assert any(name.startswith(place) and control in content for name, content in contents), place
    newcomer_person = persona("newcomer")
    assert newcomer_person
    for number in (KAREN, JAN, UNKNOWN, INVALID, newcomer_person.national_number):
        for notation in (*spellings(number), dotted(number), number.encode().hex()):
            assert [name for name, content in contents if notation.encode() in content] == [], notation
