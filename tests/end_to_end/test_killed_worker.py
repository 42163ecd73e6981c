"""Workers that are killed repeatedly while they send mails."""

import os
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import psutil

from tests.end_to_end.contracts import contract_with
from tests.end_to_end.document_delivery import deliver, unique_title, wait_until_all_is_sent
from tests.end_to_end.faults import frozen, worker_beside
from tests.end_to_end.people import Json, Visitor
from tests.end_to_end.running import RunningDemo
from tests.local.conftest import wait_until

# `make chaos` kills ten workers.
KILLS = 10 if "CHAOS" in os.environ else 3
DOCUMENTS_EACH = 5
# The supervisor gives up on a service that ends five times in a minute.
UNDER_SUPERVISION = min(4, KILLS - 1)
# The test does not wait until the leases of killed workers expire.
EXPIRE_LEASES = "update delivery set leased_until = now() where status = 'SENDING'"
# Locks the rows, and so waits for what a suspended worker has just written.
SENDING = "select id from delivery where status = 'SENDING' for update"
OUTCOMES = """
select o.title, n.status as notification, d.status as delivery, d.attempts
from document o join notification n on n.document_id = o.id
join routing r on r.notification_id = n.id join delivery d on d.routing_id = r.id
where o.title = any($1::text[])"""


def workers_in_turn(demo: RunningDemo, log: Path) -> Iterator[psutil.Process]:
    """Workers to kill one after another: first supervised ones, then others. Kill each before taking the next."""
    for _ in range(UNDER_SUPERVISION):
        restarts = demo.restarts("worker")
        yield demo.part("worker")
        demo.wait_until_restarted("worker", restarts)
    with frozen(demo, "worker"):
        for _ in range(KILLS - UNDER_SUPERVISION):
            with worker_beside(demo, log) as worker:
                yield worker


def test_every_mail_arrives_and_each_copy_has_the_same_message_id_and_date(
    demo: RunningDemo, admin: Visitor, machine: Visitor, tmp_path: Path
) -> None:
    contract, titles = contract_with(admin), list[str]()

    for worker in workers_in_turn(demo, tmp_path / "log"):
        titles += kill_while_sending(demo, worker, machine, contract)
    demo.database.rows(EXPIRE_LEASES)
    wait_until_all_is_sent(demo)

    check_outcomes(demo, titles)


def kill_while_sending(demo: RunningDemo, worker: psutil.Process, machine: Visitor, contract: Json) -> list[str]:
    """Delivers documents concurrently until the worker could be killed while it sent a mail; returns their titles."""
    titles: list[str] = []
    while True:
        new_titles = [unique_title() for _ in range(DOCUMENTS_EACH)]
        titles += new_titles
        mail_count = demo.mail_count() + random.randrange(1, DOCUMENTS_EACH)  # noqa: S311  # no secret
        with ThreadPoolExecutor(DOCUMENTS_EACH) as pool:
            ids = pool.map(partial(deliver, machine, contract["id"]), new_titles)
            wait_until(lambda: demo.mail_count() >= mail_count)  # noqa: B023  # it is waited for here
            worker.suspend()
            assert len(set(ids)) == DOCUMENTS_EACH
        if demo.database.rows(SENDING):
            worker.kill()
            return titles
        worker.resume()


def check_outcomes(demo: RunningDemo, titles: list[str]) -> None:
    outcomes = demo.database.rows(OUTCOMES, titles)
    assert sorted(outcome["title"] for outcome in outcomes) == sorted(titles)
    assert {(outcome["notification"], outcome["delivery"]) for outcome in outcomes} == {("ROUTED", "SENT")}
    assert max(outcome["attempts"] for outcome in outcomes) > 1
    for outcome in outcomes:
        copies = demo.mails_about(outcome["title"])
        assert 1 <= len(copies) <= outcome["attempts"]
        assert len({(mail["Message-ID"], mail["Date"]) for mail in copies}) == 1
