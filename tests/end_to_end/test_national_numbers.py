"""National register numbers are in nothing that the stack wrote or answered, after people were looked up and added."""

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
"""Well formed, and nobody's."""
WRONG: Final = "85030112206"
FOUND: Final = {
    "postgres/": b"Lemmens",
    "person.family_name": b"Lemmens",
    "answer": b"Lemmens",
    "mail/": b"Maarten",
    "valkey/": b"deliver_notification",
    "logs/": b"deliveries_sent",
}
"""What stands where it belongs, and shows that a number would be found there."""

CHANGE = """mutation ($input: UpdateWorkRelationInput!) {
  updateWorkRelation(input: $input) { workRelation { version } errors { message } } }"""
COLUMNS = """select table_name, column_name from information_schema.columns
  where table_schema = 'public' and data_type in ('text', 'character varying', 'jsonb', 'json', 'bytea')"""


def dotted(number: str) -> str:
    return f"{number[:2]}.{number[2:4]}.{number[4:6]}-{number[6:9]}.{number[9:]}"


class Overheard:
    """Everything that went over the wire to visitors: addresses, heads and bodies of answers."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def listen(self, visitor: Visitor) -> Visitor:
        visitor.client.event_hooks = {"response": [self._hear]}
        return visitor

    def _hear(self, response: httpx.Response) -> None:
        response.read()
        self.texts += [str(response.request.url), str(response.headers), response.text]


@pytest.fixture
def overheard() -> Overheard:
    return Overheard()


def look_up_and_add(manager: Visitor) -> str:
    """Numbers that are known, unknown and wrong, however they are written; gives the id of one who was added."""
    for number in (KAREN, dotted(KAREN), f" {JAN[:6]} {JAN[6:]} "):
        assert manager.act("LookUpPerson", nationalNumber=number)["errors"] == []
    for number in (UNKNOWN, dotted(UNKNOWN), WRONG, f"{KAREN}0", f"x{JAN}"):
        for example in ("LookUpPerson", "AddPerson"):
            assert manager.act(example, nationalNumber=number)["errors"], number
        # Not even where the query itself is wrong.
        manager.post(f'mutation {{ addPerson(input: {{nationalNumber: "{number}", nowhere: 1}}) {{ user {{ id }} }} }}')
    assert manager.act("AddPerson", nationalNumber=dotted(JAN))["errors"] == []
    added = manager.act("AddPerson", nationalNumber=KAREN)
    assert added["user"]["maskedNationalNumber"] == f"{dotted(KAREN)[:8]}-***.**"
    return str(added["user"]["id"])


def make_them_write(manager: Visitor, newcomer: Visitor, person: str) -> None:
    """A work relation whose address changes, and a request that is approved: mails to everybody concerned."""
    relation = manager.act("CreateWorkRelation", userId=person, email="karen@scheldeland.example")["workRelation"]
    changed = {"id": relation["id"], "version": relation["version"], "email": "karen.lemmens@scheldeland.example"}
    assert manager.ask(CHANGE, input=changed)["updateWorkRelation"]["errors"] == []
    link: Json = newcomer.examples()["SelfRegistrationPage"]["variables"]["link"]
    asked = newcomer.act("RequestSelfRegistration", link=link, email="maarten@elders.example")
    assert asked["errors"] == []
    approval = manager.examples()["ApproveSelfRegistration"]["variables"]["input"]
    approved = manager.act("ApproveSelfRegistration", **approval | {"id": asked["task"]["id"], "roles": ["USER"]})
    assert approved["errors"] == [], approved


def wait_for_mails(demo: RunningDemo) -> None:
    expected = {"karen@scheldeland.example", "maarten@elders.example"}
    wait_until(lambda: expected <= {mail["Delivered-To"] for mail in demo.mails()})
    # The worker's log tells of them a moment later.
    wait_until_all_is_sent(demo)
    wait_until(lambda: "deliveries_sent" in (demo.folder.logs / "worker.log").read_text())


def in_files(demo: RunningDemo) -> Iterator[tuple[str, bytes]]:
    """Every file below the data folder: logs, mails, the queue's file, the cluster with its write-ahead log, keys."""
    demo.database.rows("checkpoint")
    for path in sorted(demo.folder.path.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(demo.folder.path)), _read(path)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:  # the servers go on meanwhile
        return b""


def in_queue(demo: RunningDemo) -> Iterator[tuple[str, bytes]]:
    """Every key of Valkey, with what it holds."""
    server = ValkeyServer(demo.folder.valkey, socket_folder(demo.folder.sockets))
    with closing(Redis.from_url(server.url())) as queue:
        for key in queue.scan_iter("*"):
            yield f"valkey {key!r}", key + (queue.dump(key) or b"")


def in_database(demo: RunningDemo) -> Iterator[tuple[str, bytes]]:
    """Every column that could hold a number as it is; bytes as they are, too."""
    for column in demo.database.rows(COLUMNS):
        table, name = column["table_name"], column["column_name"]
        for row in demo.database.rows(f'select "{name}" as value from "{table}" where "{name}" is not null'):
            value: Any = row["value"]
            yield f"{table}.{name}", value if isinstance(value, bytes) else str(value).encode()


def test_a_number_is_nowhere_after_people_were_looked_up_and_added(
    last_test_of_demo: RunningDemo, sign_in: SignIn, overheard: Overheard
) -> None:
    demo, manager, newcomer = last_test_of_demo, sign_in("manager"), sign_in("newcomer")
    for visitor in (manager, newcomer):
        overheard.listen(visitor)
    make_them_write(manager, newcomer, look_up_and_add(manager))
    wait_for_mails(demo)

    places = [*in_files(demo), *in_queue(demo), *in_database(demo), ("console", demo.said.encode())]
    places += [("answer", text.encode()) for text in overheard.texts]

    for place, word in FOUND.items():
        assert any(name.startswith(place) and word in held for name, held in places), place
    newcomers = persona("newcomer")
    assert newcomers
    for number in (KAREN, JAN, UNKNOWN, WRONG, newcomers.national_number):
        for form in (*spellings(number), dotted(number), number.encode().hex()):
            assert [name for name, held in places if form.encode() in held] == [], form
