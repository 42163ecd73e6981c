"""Each level of routing (manual 4), with a delivered document and its mails."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.end_to_end.contracts import NORTH, READERS, SENDERS, contract_with, set_groups
from tests.end_to_end.document_delivery import deliver, mails_about, notifications_about, unique_title
from tests.end_to_end.people import Json, Visitor
from tests.end_to_end.running import RunningDemo

ORGANISATION = "{ viewer { organisations { organisation { id email version } } } }"

Deliver = Callable[[Json], tuple[str, set[str]]]


@pytest.fixture
def deliver_on(demo: RunningDemo, admin: Visitor, machine: Visitor) -> Deliver:
    """Delivers a document on a contract; returns the level of the routing, and the addresses of the mails."""

    def deliver_document(contract: Json) -> tuple[str, set[str]]:
        title = unique_title()
        deliver(machine, contract["id"], title)
        mails = mails_about(demo, title)
        [notification] = notifications_about(admin, contract["id"], title)
        [routing] = notification["routings"]
        deliveries = [(delivery["address"], delivery["status"]) for delivery in routing["deliveries"]]
        assert sorted(deliveries) == sorted((mail["Delivered-To"], "SENT") for mail in mails)
        return routing["level"], {mail["To"] for mail in mails}

    return deliver_document


@contextmanager
def organisation_email(admin: Visitor, email: str | None) -> Iterator[None]:
    """Sets the organisation's address while the block lasts, and restores it."""
    before = _set_organisation_email(admin, email)
    try:
        yield
    finally:
        _set_organisation_email(admin, before)


def _set_organisation_email(admin: Visitor, email: str | None) -> str | None:
    """Sets the organisation's address; returns the former one."""
    [standing] = admin.ask(ORGANISATION)["viewer"]["organisations"]
    organisation = standing["organisation"]
    payload = admin.act("SetOrganisationEmail", id=organisation["id"], version=organisation["version"], email=email)
    assert payload["errors"] == []
    assert payload["organisation"]["email"] == email
    former: str | None = organisation["email"]
    return former


def test_a_contract_with_an_address_is_mailed_there_only(admin: Visitor, deliver_on: Deliver) -> None:
    contract = contract_with(admin, NORTH, "Projectadministratie", email=True)
    assert deliver_on(contract) == ("CONTRACT", {"e19-brasschaat@scheldeland.example"})


def test_groups_with_the_right_rights_and_an_address_are_mailed_next(admin: Visitor, deliver_on: Deliver) -> None:
    payload = admin.act("CreateGroup", name="Werf Noord", email="Werf.Noord@scheldeland.example")
    assert payload["errors"] == []
    contract = contract_with(admin)
    set_groups(admin, contract, SENDERS, READERS, "Veiligheid en kwaliteit", "Werf Noord")

    addresses = {"facturatie@scheldeland.example", "Werf.Noord@scheldeland.example"}
    assert deliver_on(contract) == ("GROUP", addresses)


def test_an_organisation_with_an_address_is_mailed_next(admin: Visitor, deliver_on: Deliver) -> None:
    with organisation_email(admin, "werven@scheldeland.example"):
        assert deliver_on(contract_with(admin)) == ("ORGANISATION", {"werven@scheldeland.example"})
        assert deliver_on(contract_with(admin, NORTH)) == ("ORGANISATION", {"werven@scheldeland.example"})


def test_the_members_of_the_groups_are_mailed_next(admin: Visitor, deliver_on: Deliver) -> None:
    with organisation_email(admin, None):
        members = {"wim.dewulf@scheldeland.example", "marleen.jacobs@scheldeland.example"}
        assert deliver_on(contract_with(admin, NORTH)) == ("USER", members)


def test_the_administrators_are_mailed_last(admin: Visitor, deliver_on: Deliver) -> None:
    with organisation_email(admin, None):
        administrators = {
            f"{name}@scheldeland.example" for name in ("bart.wouters", "hilde.vandenbroucke", "marleen.jacobs")
        }
        assert deliver_on(contract_with(admin)) == ("ADMINISTRATOR", administrators)
