"""An administrator at work through the API, as the screens of the manual's chapter 3 do it."""

from dataclasses import dataclass
from typing import Any

from domain.actor import Actor
from domain.models import Contract, Group, Organisation, Role, User
from gql.reading.ids import global_id
from tests import rows
from tests.gql.execution import person, read

ERRORS = "errors { code refusal path message ... on InactiveGroupError { choices inactiveGroup { id } } }"
ACCESS = """query($id: ID!) { node(id: $id) { ... on Contract { viewerCan
  viewerAccess { referenceLevel themeLevels { theme { code } level } } } } }"""


@dataclass(frozen=True)
class Office:
    """An organisation and its ADMINISTRATOR."""

    organisation: Organisation
    administrator: Actor

    async def act(self, mutation: str, selection: str, **given: Any) -> dict[str, Any]:
        """What a mutation answers the administrator."""
        kind = mutation[0].upper() + mutation[1:]
        document = f"mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ {selection} {ERRORS} }} }}"
        answer: dict[str, Any] = (await read(self.administrator, document, input=given))[mutation]
        return answer

    async def create(self, name: str = "Ploeg Noord", level: str = "SEND", *members: User, **given: Any) -> Any:
        """What createGroup answers, for a group with a level on INVOICING."""
        filled = {
            "organisationId": global_id("Organisation", self.organisation.id),
            "name": name,
            "description": "Werven in het noorden",
            "themeLevels": [{"themeCode": "INVOICING", "level": level}],
            "memberUserIds": [global_id("User", member.id) for member in members],
        }
        return await self.act("createGroup", "group { id version }", **filled | given)

    async def group(self, level: str = "SEND", *members: User, **given: Any) -> dict[str, Any]:
        """A group that createGroup made."""
        answer = await self.create(f"Ploeg {await Group.all().count()}", level, *members, **given)
        assert answer["errors"] == []
        made: dict[str, Any] = answer["group"]
        return made

    async def link(self, contract: Contract, *groups: dict[str, Any]) -> list[str]:
        """Ties these groups to a contract, and no others; gives the links' ids."""
        version = (await Contract.get(id=contract.id)).version
        given = {"contractId": global_id("Contract", contract.id), "version": version}
        chosen = [group["id"] for group in groups]
        answer = await self.act("setContractGroups", "contract { groupLinks { id } }", **given, groupIds=chosen)
        assert answer["errors"] == []
        return [link["id"] for link in answer["contract"]["groupLinks"]]

    async def contract(self, **columns: Any) -> Contract:
        """A contract of the organisation."""
        return await rows.a_contract(self.organisation, **columns)

    async def colleague(self) -> User:
        """A person with an active right as USER."""
        found: User = await (await rows.a_person_with_right(self.organisation)).user
        return found


async def an_office() -> Office:
    """A new organisation."""
    organisation = await rows.an_organisation()
    administrator = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    return Office(organisation, person(administrator.user_id))


async def access(user: User | Actor, contract: Contract) -> str | None:
    """The level on INVOICING that somebody has on a contract; None when it doesn't exist for them."""
    found = await viewed(user, contract)
    if found is None:
        return None
    level: str = found["viewerAccess"]["themeLevels"][0]["level"]
    return level


async def viewed(user: User | Actor, contract: Contract) -> dict[str, Any] | None:
    """A contract as somebody sees it."""
    actor = user if isinstance(user, Actor) else person(user)
    found: dict[str, Any] | None = (await read(actor, ACCESS, id=global_id("Contract", contract.id)))["node"]
    return found
