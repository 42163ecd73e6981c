"""Access managers at work through the API, as the screens of the manual's chapter 2 do it."""

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
class Desk:
    """An organisation with everyone, and what they do about access."""

    cast: Cast

    @property
    def organisation(self) -> Organisation:
        return self.cast.organisation

    @property
    def here(self) -> dict[str, str]:
        """The organisation as an input names it."""
        return {"organisationId": id_of(self.organisation)}

    def actor(self, who: str | Actor) -> Actor:
        return self.cast.actors[who] if isinstance(who, str) else who

    async def act(self, who: str | Actor, mutation: str, selection: str, **given: Any) -> dict[str, Any]:
        """What a mutation answers somebody."""
        kind = mutation[0].upper() + mutation[1:]
        document = f"mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ {selection} {ERRORS} }} }}"
        answer: dict[str, Any] = (await read(self.actor(who), document, input=given))[mutation]
        return answer

    async def done(self, who: str | Actor, mutation: str, selection: str, **given: Any) -> Any:
        """The object of an answer without errors."""
        answer = await self.act(who, mutation, selection, **given)
        assert answer["errors"] == []
        return answer[selection.split(maxsplit=1)[0]]

    async def engage(self, user_id: int, who: str = "manager", **given: Any) -> Any:
        """The answer to createWorkRelation, from today for a year unless days are given."""
        today = await rows.today()
        days = {"validFrom": today.isoformat(), "validUntil": (today + timedelta(days=365)).isoformat()}
        user = {"userId": global_id("User", user_id)}
        return await self.act(who, "createWorkRelation", RELATION, **self.here | user | days | given)

    async def engaged(self, user_id: int, **given: Any) -> Any:
        """The work relation that was made."""
        answer = await self.engage(user_id, **given)
        assert answer["errors"] == []
        return answer["workRelation"]

    async def grant(self, relation: str, *roles: str, who: str = "manager", **given: Any) -> dict[str, Any]:
        """The answer to grantAccessRight."""
        asked = {"workRelationId": relation, "roles": list(roles), "reason": "Opvolging van de werf"}
        return await self.act(who, "grantAccessRight", RIGHT, **asked | given)

    async def employee(self, *roles: str) -> Actor:
        """A new person with a work relation, and a right with these roles."""
        stranger = await self.cast.a_stranger()
        relation = await self.engaged(stranger.id)
        if roles:
            assert (await self.grant(relation["id"], *roles))["errors"] == []
        return Actor(user_id=stranger.id)

    async def viewed(self, who: str | Actor) -> dict[str, Any] | None:
        """The organisation on somebody's start screen; None when they may not act for it."""
        found = (await read(self.actor(who), VIEWER))["viewer"]["organisations"]
        mine = [one for one in found if one["organisation"]["id"] == id_of(self.organisation)]
        return mine[0] if mine else None

    async def roles(self, who: str | Actor) -> list[str] | None:
        """As what somebody acts for the organisation; None when they don't."""
        found = await self.viewed(who)
        return found["roles"] if found else None

    async def request(self, who: str | Actor, *, ctx: str | None = "Gebruiker", **given: Any) -> dict[str, Any]:
        """The answer to requestSelfRegistration."""
        link = PARAMETERS | {"oc": self.organisation.enterprise_number} | ({"ctx": ctx} if ctx else {})
        return await self.act(who, "requestSelfRegistration", TASK, link=link, **given)

    async def requested(self, who: str | Actor, **given: Any) -> Any:
        """The task that a request made."""
        answer = await self.request(who, **given)
        assert answer["errors"] == []
        return answer["task"]


def four_years_from(first: date) -> date:
    """The last day that is possible, written down plainly; until 2096 a leap day has its like four years later."""
    return first.replace(year=first.year + 4) - timedelta(days=1)
