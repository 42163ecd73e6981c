"""The mutations about access: asked for by name, with only what the tests look at."""

from dataclasses import dataclass
from typing import Any

from domain.actor import Actor
from domain.models.row import Row
from gql.reading.ids import global_id
from tests.gql.execution import execute_operation

RESULTS = {
    "appointAccessManager": ("AppointAccessManagerInput", "mandate { id }"),
    "dismissAccessManager": ("DismissAccessManagerInput", "mandate { id }"),
    "setMandateEmail": ("SetMandateEmailInput", "mandate { id email }"),
    "lookUpPerson": ("LookUpPersonInput", "person { givenName user { id } }"),
    "addPerson": ("AddPersonInput", "user { id }"),
    "setLanguage": ("SetLanguageInput", "user { language }"),
    "createWorkRelation": ("CreateWorkRelationInput", "workRelation { id status } formerMemberships { id }"),
    "updateWorkRelation": ("UpdateWorkRelationInput", "workRelation { id version } formerMemberships { id }"),
    "endWorkRelation": ("EndWorkRelationInput", "workRelation { id version } formerMemberships { id }"),
    "grantAccessRight": ("GrantAccessRightInput", "right { id roles }"),
    "changeAccessRight": ("ChangeAccessRightInput", "right { id roles }"),
    "revokeAccessRight": ("RevokeAccessRightInput", "right { id active }"),
    "requestSelfRegistration": ("RequestSelfRegistrationInput", "task { id status }"),
    "approveSelfRegistration": ("ApproveSelfRegistrationInput", "task { id status } right { id }"),
    "rejectSelfRegistration": ("RejectSelfRegistrationInput", "task { id status }"),
}
ERRORS = "errors { __typename code refusal message path ... on StaleVersionError { currentVersion current { id } } }"


@dataclass(frozen=True)
class Told:
    """What a mutation answered.

    Attributes:
        result: The payload's object; None when refused or nobody is signed in.
        errors: The payload's errors.
        codes: The codes of top-level errors.
    """

    result: Any
    errors: list[dict[str, Any]]
    codes: list[str]

    @property
    def code(self) -> str:
        """OK, or the only code of why not."""
        codes = [*self.codes, *(error["code"] for error in self.errors)]
        return codes[0] if codes else "OK"


def id_of(row: Row) -> str:
    """The row's global id."""
    return global_id(type(row).__name__, row.id)


async def mutate(actor: Actor, mutation: str, accepted: str = "en", **given: Any) -> Told:
    """Asks for one mutation with this input."""
    taken, selection = RESULTS[mutation]
    document = f"mutation ($input: {taken}!) {{ done: {mutation}(input: $input) {{ {selection} {ERRORS} }} }}"
    answer = await execute_operation(actor, document, language=accepted, input=given)
    payload = (answer.data or {}).get("done")
    if payload is None:
        return Told(None, [], answer.codes)
    return Told(payload[selection.split()[0]], payload["errors"], answer.codes)
