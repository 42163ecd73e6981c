"""The levels of the manual's chapter 4, each with a document and the mails that it leads to."""

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
def delivered(demo: RunningDemo, admin: Visitor, machine: Visitor) -> Deliver:
    """Delivers a document on a contract; gives the level that was used, and where the mails went."""

    def answer(contract: Json) -> tuple[str, set[str]]:
        title = unique_title()
        deliver(machine, contract["id"], title)
        mails = mails_about(demo, title)
        [notification] = notifications_about(admin, contract["id"], title)
        [routing] = notification["routings"]
        shown = [(delivery["address"], delivery["status"]) for delivery in routing["deliveries"]]
        assert sorted(shown) == sorted((mail["Delivered-To"], "SENT") for mail in mails)
        return routing["level"], {mail["To"] for mail in mails}

    return answer


@contextmanager
def organisation_email(admin: Visitor, email: str | None) -> Iterator[None]:
    """The organisation's address while the block lasts, set and put back by the API."""
    before = _set_organisation_email(admin, email)
    try:
        yield
    finally:
        _set_organisation_email(admin, before)


def _set_organisation_email(admin: Visitor, email: str | None) -> str | None:
    [place] = admin.ask(ORGANISATION)["viewer"]["organisations"]
    now = place["organisation"]
    payload = admin.act("SetOrganisationEmail", id=now["id"], version=now["version"], email=email)
    assert payload["errors"] == []
    assert payload["organisation"]["email"] == email
    before: str | None = now["email"]
    return before


def test_the_contracts_own_address_comes_first_and_alone(admin: Visitor, delivered: Deliver) -> None:
    contract = contract_with(admin, NORTH, "Projectadministratie", email=True)
    assert delivered(contract) == ("CONTRACT", {"e19-brasschaat@scheldeland.example"})


def test_then_the_addresses_of_groups_with_the_right_rights(admin: Visitor, delivered: Deliver) -> None:
    made = admin.act("CreateGroup", name="Werf Noord", email="Werf.Noord@scheldeland.example")
    assert made["errors"] == []
    contract = contract_with(admin)
    set_groups(admin, contract, SENDERS, READERS, "Veiligheid en kwaliteit", "Werf Noord")

    addresses = {"facturatie@scheldeland.example", "Werf.Noord@scheldeland.example"}
    assert delivered(contract) == ("GROUP", addresses)


def test_then_the_address_of_the_organisation(admin: Visitor, delivered: Deliver) -> None:
    with organisation_email(admin, "werven@scheldeland.example"):
        assert delivered(contract_with(admin)) == ("ORGANISATION", {"werven@scheldeland.example"})
        assert delivered(contract_with(admin, NORTH)) == ("ORGANISATION", {"werven@scheldeland.example"})


def test_then_the_addresses_of_the_members(admin: Visitor, delivered: Deliver) -> None:
    with organisation_email(admin, None):
        members = {"wim.dewulf@scheldeland.example", "marleen.jacobs@scheldeland.example"}
        assert delivered(contract_with(admin, NORTH)) == ("USER", members)


def test_at_last_the_addresses_of_the_administrators(admin: Visitor, delivered: Deliver) -> None:
    with organisation_email(admin, None):
        administrators = {
            f"{name}@scheldeland.example" for name in ("bart.wouters", "hilde.vandenbroucke", "marleen.jacobs")
        }
        assert delivered(contract_with(admin)) == ("ADMINISTRATOR", administrators)
