"""The audits of the reference implementation of GraphQL over HTTP."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.running import RunningDemo

PACKAGES = Path(__file__).parents[1] / "javascript"
AUDITS = 61


def test_every_audit_of_the_reference_passes(demo: RunningDemo):
    if shutil.which("node") is None or not (PACKAGES / "node_modules").exists():
        pytest.skip("Node is not installed here, or came after the packages (Debian: apt-get install nodejs npm).")

    result = subprocess.run(
        ["node", "audit.js", f"{demo.ports.public_url}/graphql"],
        cwd=PACKAGES,
        capture_output=True,
        text=True,
        check=True,
    )

    audits = [json.loads(line) for line in result.stdout.splitlines()]
    assert [audit for audit in audits if audit["status"] != "ok"] == []
    assert len(audits) == AUDITS
