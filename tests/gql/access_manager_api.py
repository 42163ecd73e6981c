"""The API as access managers use it in the screens of the manual's chapter 2."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from domain.actor import Actor
from domain.models import Organisation
from gql.reading.ids import global_id
from tests import rows
from tests.access_cast import Cast
from tests.gql.access_mutations import id_of
from tests.gql.execution import read

ERRORS = "errors { code refusal path message }"
RELATION = "workRelation { id version category validFrom validUntil status email phone right { roles } }"
RIGHT = "right { id version roles reason active workRelation { id } }"
TASK = "task { id status requestedRoles decidedBy { fullName } decisionReason }"
VIEWER = """{ viewer { organisations { roles mandates organisation {
  id viewerCan administrators { user { id } } contracts { edges { node { id } } } } } } }"""
PARAMETERS = {"an": "308", "dg": "EA", "ec": "MOW_eContracting_EA_CompEnt_Gebruiker"}


@dataclass(frozen=True)
class AccessManagerApi:
    """Operations on the access to one organisation; `who` is an actor or the name of one in the cast."""

    cast: Cast

    @property
    def organisation(self) -> Organisation:
        return self.cast.organisation

    @property
    def organisation_input(self) -> dict[str, str]:
        """The field of an input that names the organisation."""
        return {"organisationId": id_of(self.organisation)}

    def actor(self, who: str | Actor) -> Actor:
        return self.cast.actors[who] if isinstance(who, str) else who

    async def execute_mutation(
        self, who: str | Actor, mutation: str, selection: str, **mutation_input: Any
    ) -> dict[str, Any]:
        """Executes a mutation and returns its payload."""
        kind = mutation[0].upper() + mutation[1:]
        document = f"mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ {selection} {ERRORS} }} }}"
        payload: dict[str, Any] = (await read(self.actor(who), document, input=mutation_input))[mutation]
        return payload

    async def execute_successfully(self, who: str | Actor, mutation: str, selection: str, **mutation_input: Any) -> Any:
        """Executes a mutation without errors, and returns the first selected field of its payload."""
        payload = await self.execute_mutation(who, mutation, selection, **mutation_input)
        assert payload["errors"] == []
        return payload[selection.split(maxsplit=1)[0]]

    async def create_work_relation(self, user_id: int, who: str = "manager", **mutation_input: Any) -> Any:
        """The payload of createWorkRelation, from today for a year unless days are given."""
        today = await rows.today()
        days = {"validFrom": today.isoformat(), "validUntil": (today + timedelta(days=365)).isoformat()}
        user = {"userId": global_id("User", user_id)}
        return await self.execute_mutation(
            who, "createWorkRelation", RELATION, **self.organisation_input | user | days | mutation_input
        )

    async def created_work_relation(self, user_id: int, **mutation_input: Any) -> Any:
        """The work relation of a successful createWorkRelation."""
        payload = await self.create_work_relation(user_id, **mutation_input)
        assert payload["errors"] == []
        return payload["workRelation"]

    async def grant_access_right(
        self, relation: str, *roles: str, who: str = "manager", **mutation_input: Any
    ) -> dict[str, Any]:
        """The payload of grantAccessRight."""
        values = {"workRelationId": relation, "roles": list(roles), "reason": "Opvolging van de werf"}
        return await self.execute_mutation(who, "grantAccessRight", RIGHT, **values | mutation_input)

    async def create_employee(self, *roles: str) -> Actor:
        """A new person with a work relation, and a right with these roles."""
        stranger = await self.cast.a_stranger()
        relation = await self.created_work_relation(stranger.id)
        if roles:
            assert (await self.grant_access_right(relation["id"], *roles))["errors"] == []
        return Actor(user_id=stranger.id)

    async def viewer_organisation(self, who: str | Actor) -> dict[str, Any] | None:
        """The organisation among those of the viewer; None if they may not act for it."""
        organisations = (await read(self.actor(who), VIEWER))["viewer"]["organisations"]
        own_id = id_of(self.organisation)
        return next((each for each in organisations if each["organisation"]["id"] == own_id), None)

    async def viewer_roles(self, who: str | Actor) -> list[str] | None:
        """The viewer's roles in the organisation; None if they may not act for it."""
        organisation = await self.viewer_organisation(who)
        return organisation["roles"] if organisation else None

    async def request_self_registration(
        self, who: str | Actor, *, ctx: str | None = "Gebruiker", **mutation_input: Any
    ) -> dict[str, Any]:
        """The payload of requestSelfRegistration."""
        link = PARAMETERS | {"oc": self.organisation.enterprise_number} | ({"ctx": ctx} if ctx else {})
        return await self.execute_mutation(who, "requestSelfRegistration", TASK, link=link, **mutation_input)

    async def requested_task(self, who: str | Actor, **mutation_input: Any) -> Any:
        """The task of a successful requestSelfRegistration."""
        payload = await self.request_self_registration(who, **mutation_input)
        assert payload["errors"] == []
        return payload["task"]


def four_years_from(first: date) -> date:
    """The latest possible last day, computed naively: until 2096, 29 February has one four years later."""
    return first.replace(year=first.year + 4) - timedelta(days=1)
