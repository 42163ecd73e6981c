"""`econtracting authority add`, `end` and `list`."""

import pytest

from domain.models import AuditEntry, MachineClient, OrganisationKind
from tests.commands.running import econtracting
from tests.rows.registers import a_registered_enterprise
from tests.table_contents import assert_tables_unchanged

pytestmark = pytest.mark.usefixtures("database")
NUMBER = "0123.456.749"
ADD = ("authority", "add", "wegen", NUMBER, "--name", "Systeem Wegen")
AUTHORITY = OrganisationKind.CONTRACTING_AUTHORITY


async def test_a_system_is_added_ended_and_added_again_with_audit_entries():
    await a_registered_enterprise(enterprise_number="0123456749", name="Agentschap Wegen", kind=AUTHORITY)

    added = await econtracting(*ADD)
    assert (added.status, added.stdout) == (0, "wegen can call the API as “Systeem Wegen”.\n")
    async with assert_tables_unchanged():
        assert (await econtracting(*ADD)).status == 0
    ended = await econtracting("authority", "end", "wegen", "--reason", "Vervangen")
    assert (ended.status, ended.stdout) == (0, "wegen can no longer call the API.\n")
    assert (await MachineClient.get()).ended_at is not None
    listed = await econtracting("authority", "list")
    assert listed.stdout.startswith("wegen  “Systeem Wegen”  0123.456.749 Agentschap Wegen  since ")
    assert ", ended " in listed.stdout
    await econtracting(*ADD)

    client = await MachineClient.get()
    assert client.ended_at is None
    entries = await AuditEntry.filter(subject_type="MachineClient").order_by("id")
    facts = {"clientId": "wegen", "name": "Systeem Wegen"}
    assert [(each.action, each.before, each.after, each.reason, each.actor_name) for each in entries] == [
        ("MACHINE_CLIENT_ADDED", None, facts, None, "operator"),
        ("MACHINE_CLIENT_ENDED", facts, None, "Vervangen", "operator"),
        ("MACHINE_CLIENT_ADDED", None, facts, None, "operator"),
    ]
    assert {each.organisation_id for each in entries} == {client.organisation_id}


async def test_refusals_say_why_and_change_nothing():
    await a_registered_enterprise(enterprise_number="0123456749", name="Agentschap Wegen", kind=AUTHORITY)
    await a_registered_enterprise(enterprise_number="0200065765", name="Aannemer nv")
    await econtracting(*ADD)
    messages = {}
    async with assert_tables_unchanged():
        for case, arguments in {
            "other name": (*ADD[:-1], "Ander systeem"),
            "contractor": ("authority", "add", "bouw", "0200065765", "--name", "Systeem"),
            "unknown": ("authority", "end", "bouw", "--reason", "Weg"),
            "no reason": ("authority", "end", "wegen", "--reason", " "),
        }.items():
            result = await econtracting(*arguments)
            assert (result.status, result.stdout) == (1, "")
            messages[case] = result.stderr.splitlines()[-1]
    assert messages == {
        "other name": ("clientId: The client “wegen” is known already, for another authority or under another name."),
        "contractor": (
            "enterpriseNumber: Aannemer nv is no contracting authority according to the enterprise register."
        ),
        "unknown": ("clientId: No client “bouw” may call. Check it: it is what the identity provider's tokens say."),
        "no reason": "reason: This must be filled in.",
    }
