"""The API as an ADMINISTRATOR uses it in the screens of the manual's chapter 3."""

from dataclasses import dataclass
from typing import Any

from domain.actor import Actor
from domain.models import Contract, Group, Organisation, Role, User
from gql.reading.ids import global_id
from tests import rows
from tests.gql.execution import person, read

ERRORS = "errors { code refusal path message ... on InactiveGroupError { choices inactiveGroup { id } } }"
VIEWER_ACCESS = """query($id: ID!) { node(id: $id) { ... on Contract { viewerCan
  viewerAccess { referenceLevel themeLevels { theme { code } level } } } } }"""


@dataclass(frozen=True)
class AdministratorApi:
    """Operations of an organisation's ADMINISTRATOR."""

    organisation: Organisation
    administrator: Actor

    async def execute_mutation(self, mutation: str, selection: str, **mutation_input: Any) -> dict[str, Any]:
        """Executes a mutation and returns its payload."""
        kind = mutation[0].upper() + mutation[1:]
        document = f"mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ {selection} {ERRORS} }} }}"
        payload: dict[str, Any] = (await read(self.administrator, document, input=mutation_input))[mutation]
        return payload

    async def create_group(
        self, name: str = "Ploeg Noord", level: str = "SEND", *members: User, **mutation_input: Any
    ) -> Any:
        """The payload of createGroup, for a group with a level on INVOICING."""
        values = {
            "organisationId": global_id("Organisation", self.organisation.id),
            "name": name,
            "description": "Werven in het noorden",
            "themeLevels": [{"themeCode": "INVOICING", "level": level}],
            "memberUserIds": [global_id("User", member.id) for member in members],
        }
        return await self.execute_mutation("createGroup", "group { id version }", **values | mutation_input)

    async def created_group(self, level: str = "SEND", *members: User, **mutation_input: Any) -> dict[str, Any]:
        """The group of a successful createGroup."""
        payload = await self.create_group(f"Ploeg {await Group.all().count()}", level, *members, **mutation_input)
        assert payload["errors"] == []
        group: dict[str, Any] = payload["group"]
        return group

    async def link_groups(self, contract: Contract, *groups: dict[str, Any]) -> list[str]:
        """Links these groups and no others to a contract; returns the ids of the links."""
        version = (await Contract.get(id=contract.id)).version
        mutation_input = {"contractId": global_id("Contract", contract.id), "version": version}
        group_ids = [group["id"] for group in groups]
        payload = await self.execute_mutation(
            "setContractGroups", "contract { groupLinks { id } }", **mutation_input, groupIds=group_ids
        )
        assert payload["errors"] == []
        return [link["id"] for link in payload["contract"]["groupLinks"]]

    async def a_contract(self, **columns: Any) -> Contract:
        """A contract of the organisation."""
        return await rows.a_contract(self.organisation, **columns)

    async def a_colleague(self) -> User:
        """A person with an active right as USER."""
        user: User = await (await rows.a_person_with_right(self.organisation)).user
        return user


async def an_administrator_api() -> AdministratorApi:
    """A new organisation with its ADMINISTRATOR."""
    organisation = await rows.an_organisation()
    administrator = await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)
    return AdministratorApi(organisation, person(administrator.user_id))


async def invoicing_level(user: User | Actor, contract: Contract) -> str | None:
    """The user's level on INVOICING of a contract; None if the contract doesn't exist for them."""
    viewed = await viewed_contract(user, contract)
    if viewed is None:
        return None
    level: str = viewed["viewerAccess"]["themeLevels"][0]["level"]
    return level


async def viewed_contract(user: User | Actor, contract: Contract) -> dict[str, Any] | None:
    """The contract as the user sees it; None if it doesn't exist for them."""
    actor = user if isinstance(user, Actor) else person(user)
    node: dict[str, Any] | None = (await read(actor, VIEWER_ACCESS, id=global_id("Contract", contract.id)))["node"]
    return node
