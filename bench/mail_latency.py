"""From `deliverDocument` to the mail in the Maildir, and what the idle worker costs; `make bench-mail-latency`.

Starts a demo of its own on free ports and in a folder of its own, delivers documents one after another as the
authority's system does, and reads when their mails were put into the Maildir. The latency is counted from the moment
the request is sent, thus includes the time until the commit. Exits with status 1 if a goal is missed.
"""

import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path

import psutil

from bench.demo import Demo, running_demo
from bench.waiting import wait_until

DELIVERIES = int(os.environ.get("DELIVERIES", "200"))
LATENCY_GOAL = 1.0
"""Seconds that 95 % of the deliveries take at most."""
IDLE_SECONDS = 20
IDLE_CPU_GOAL, IDLE_MEGABYTES_GOAL = 0.02, 150
MAIL_TIMEOUT = 10.0

CONTRACTS = """{ viewer { organisations { organisation { contracts(first: 20) {
  edges { node { id endedAt } } } } } } }"""
DELIVER = """mutation ($input: DeliverDocumentInput!) {
  deliverDocument(input: $input) { document { id } errors { code message } } }"""


@dataclass
class Deliveries:
    """The documents that were delivered, and the Maildir that receives the mails about them."""

    demo: Demo
    sent_at: dict[str, float] = field(default_factory=dict)
    """When each document's request was sent, by title."""

    @property
    def maildir(self) -> Path:
        return self.demo.folder / "mail" / "new"

    def deliver(self, contract_id: str) -> bool:
        """Delivers a document; returns whether a mail arrived."""
        title = f"Meting {len(self.sent_at) + 1:05}"
        variables = {"contractId": contract_id, "externalId": title, "themeCode": "INVOICING", "title": title}
        before = self.count_mails()
        self.sent_at[title] = time.time()
        errors = self.demo.execute(DELIVER, input=variables)["deliverDocument"]["errors"]
        assert errors == [], errors
        return wait_until(lambda: self.count_mails() > before, MAIL_TIMEOUT)

    def count_mails(self) -> int:
        return sum(1 for _ in os.scandir(self.maildir))

    def latencies(self) -> dict[str, float]:
        """Seconds from each document's request to the last of its mails, by title."""
        latencies: dict[str, float] = {}
        for path in self.maildir.iterdir():
            text = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("plain",))
            assert text is not None
            title = next(line.split(": ")[1] for line in text.get_content().splitlines() if "Dossierstuk" in line)
            # The change time: a file gets its final name last, and only then readers find it.
            latencies[title] = max(latencies.get(title, 0.0), path.stat().st_ctime - self.sent_at[title])
        return latencies


def measure_latency(deliveries: Deliveries) -> bool:
    """Prints the latencies; returns whether the goal was reached."""
    [viewer_organisation] = deliveries.demo.execute(CONTRACTS)["viewer"]["organisations"]
    contracts = [edge["node"] for edge in viewer_organisation["organisation"]["contracts"]["edges"]]
    current = [contract["id"] for contract in contracts if not contract["endedAt"]]
    mailed = [contract_id for contract_id in current[:6] if deliveries.deliver(contract_id)]
    assert mailed, "No contract of the demo leads to a mail."
    warm_up_count = len(deliveries.sent_at)
    for number in range(DELIVERIES):
        assert deliveries.deliver(mailed[number % len(mailed)]), "A mail did not arrive."
    latencies = sorted(seconds for title, seconds in deliveries.latencies().items() if int(title[-5:]) > warm_up_count)
    p95 = latencies[int(len(latencies) * 0.95) - 1]
    print(
        f"{len(latencies)} deliveries, request to Maildir: median {statistics.median(latencies) * 1000:.0f} ms, "
        f"p95 {p95 * 1000:.0f} ms (goal {LATENCY_GOAL * 1000:.0f}), slowest {latencies[-1] * 1000:.0f} ms"
    )
    return len(latencies) == DELIVERIES and p95 <= LATENCY_GOAL


def measure_idle(worker: psutil.Process) -> bool:
    """Prints what the idle worker uses; returns whether the goals were reached."""
    before = sum(worker.cpu_times()[:2])
    time.sleep(IDLE_SECONDS)
    cpu = (sum(worker.cpu_times()[:2]) - before) / IDLE_SECONDS
    megabytes = worker.memory_info().rss / 2**20
    print(
        f"worker idle for {IDLE_SECONDS} s: {cpu:.2%} of a core (goal {IDLE_CPU_GOAL:.0%}), "
        f"{megabytes:.0f} MB (goal {IDLE_MEGABYTES_GOAL})"
    )
    return cpu < IDLE_CPU_GOAL and megabytes < IDLE_MEGABYTES_GOAL


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="mail-latency-") as folder, running_demo(Path(folder)) as demo:
        reached = [measure_latency(Deliveries(demo)), measure_idle(demo.process("worker"))]
    sys.exit(0 if all(reached) else 1)


if __name__ == "__main__":
    main()
