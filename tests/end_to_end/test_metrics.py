"""The metrics of a running API and worker after real requests and mails."""

import re

import httpx

from tests.end_to_end.contracts import READERS, SENDERS, contract_with, set_groups
from tests.end_to_end.document_delivery import deliver, mail_about, unique_title
from tests.end_to_end.people import Visitor
from tests.end_to_end.running import RunningDemo
from tests.local.conftest import wait_until
from tests.observing.scrape import Scrape

ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+/metrics) +the (API|worker)'s metrics")


COUNTERS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("API", "econtracting_http_requests_total", {"method": "POST", "route": "/graphql", "status": "200"}),
    ("API", "econtracting_bells_rung_total", {"outcome": "heard"}),
    ("worker", "econtracting_deliveries_settled_total", {"outcome": "SENT"}),
    ("worker", "econtracting_delivery_seconds_count", {}),
    ("worker", "econtracting_deliveries_claimed_total", {}),
)


def scrapes(demo: RunningDemo) -> dict[str, Scrape]:
    """Scrapes the metrics of both processes, at the addresses that the demo prints."""
    addresses = {process: address for address, process in ADDRESS.findall(demo.said)}
    return {
        process: Scrape(httpx.get(addresses[process], timeout=60, trust_env=False).text)
        for process in ("API", "worker")
    }


def test_a_delivery_is_counted_from_the_request_to_the_mail(demo: RunningDemo, admin: Visitor, machine: Visitor):
    contract, title = contract_with(admin), unique_title()
    set_groups(admin, contract, SENDERS, READERS)
    before = scrapes(demo)

    deliver(machine, contract["id"], title)
    mail_about(demo, title)
    # Each process counts an operation shortly after its effect is visible.
    wait_until(lambda: scrapes(demo)["worker"].value("econtracting_sweep_timestamp_seconds", sweep="send") > 0)
    for process, name, labels in COUNTERS:
        value_before = before[process].value(name, **labels)
        wait_until(lambda: scrapes(demo)[process].value(name, **labels) > value_before)  # noqa: B023  # it is waited for here

    after = scrapes(demo)
    assert after["worker"].value("econtracting_sender_paused") == 0
    for pool in ("engine", "models"):
        assert after["API"].value("econtracting_database_connections", pool=pool, state="most") == 10
    assert after["API"].value("econtracting_changes_heard") == 1
    assert after["API"].series("econtracting_outbox") == set()
