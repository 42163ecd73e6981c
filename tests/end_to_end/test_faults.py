"""Deliveries while the queue or the mail server is away: none waits for them, and no mail is lost."""

import time
from collections import Counter
from statistics import median

import pytest

from tests.end_to_end.contracts import contract_with
from tests.end_to_end.document_delivery import deliver, unique_title, wait_until_all_is_routed, wait_until_all_is_sent
from tests.end_to_end.faults import Fault, frozen, killed
from tests.end_to_end.people import Visitor
from tests.end_to_end.running import RunningDemo
from workers.doorbell import ENQUEUE_TIMEOUT

DOCUMENTS = 10
# Less than the timeout of the doorbell, for which no delivery may wait.
MAX_SECONDS = 0.75 * ENQUEUE_TIMEOUT


@pytest.mark.parametrize("fault", [frozen, killed])
@pytest.mark.parametrize("part", ["valkey", "smtp-sink"])
def test_deliveries_do_not_wait_for_an_absent_server_and_their_mails_arrive_once(
    demo: RunningDemo, admin: Visitor, machine: Visitor, part: str, fault: Fault
) -> None:
    contract, titles = contract_with(admin), [unique_title() for _ in range(DOCUMENTS)]

    with fault(demo, part):
        seconds = [seconds_of_delivery(machine, contract["id"], title) for title in titles]
        assert median(seconds) < MAX_SECONDS, seconds
        # The sweep routes them when the doorbell can't be rung.
        wait_until_all_is_routed(demo)

    wait_until_all_is_sent(demo)
    mails = {title: demo.mails_about(title) for title in titles}
    assert Counter(len(copies) for copies in mails.values()) == {1: DOCUMENTS}


def seconds_of_delivery(machine: Visitor, contract_id: str, title: str) -> float:
    begun_at = time.monotonic()
    deliver(machine, contract_id, title)
    return time.monotonic() - begun_at
