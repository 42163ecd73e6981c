"""Executes the mutations about access by name, with the selections that the tests need."""

from dataclasses import dataclass
from typing import Any

from domain.actor import Actor
from domain.models.row import Row
from gql.reading.ids import global_id
from tests.gql.execution import execute_operation

MUTATIONS = {
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
class MutationResult:
    """The outcome of a mutation.

    Attributes:
        object: The payload's object; None if the mutation was refused or failed.
        errors: The payload's errors.
        codes: The codes of top-level errors.
    """

    object: Any
    errors: list[dict[str, Any]]
    codes: list[str]

    @property
    def code(self) -> str:
        """OK, or the code of the first error."""
        codes = [*self.codes, *(error["code"] for error in self.errors)]
        return codes[0] if codes else "OK"


def id_of(row: Row) -> str:
    """The row's global id."""
    return global_id(type(row).__name__, row.id)


async def mutate(actor: Actor, mutation: str, language: str = "en", **mutation_input: Any) -> MutationResult:
    """Executes one mutation with this input."""
    input_type, selection = MUTATIONS[mutation]
    document = f"mutation ($input: {input_type}!) {{ payload: {mutation}(input: $input) {{ {selection} {ERRORS} }} }}"
    result = await execute_operation(actor, document, language=language, input=mutation_input)
    payload = (result.data or {}).get("payload")
    if payload is None:
        return MutationResult(None, [], result.codes)
    return MutationResult(payload[selection.split()[0]], payload["errors"], result.codes)
