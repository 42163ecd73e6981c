"""Contracts as a contracting authority's system publishes, corrects and ends them."""

import strawberry

from gql.schema.scalars import EnterpriseNumber


@strawberry.input(description="A contract that a contracting authority's system publishes.")
class PublishContractInput:
    external_id: str = strawberry.field(description="The authority's own id; a repeat gives the same contract.")
    number: str = strawberry.field(description="The authority's number (opdrachtnummer).")
    title: str = strawberry.field(description="Titel.")
    type_code: str = strawberry.field(description="The code of a type of contract, such as `CONTRACT`.")
    contractor_enterprise_number: EnterpriseNumber = strawberry.field(description="Who carries it out.")


@strawberry.input(description="What is corrected of a contract; what is left out stays.")
class CorrectContractInput:
    id: strawberry.ID = strawberry.field(description="The contract, one that the authority awarded.")
    number: str | None = strawberry.field(
        default=strawberry.UNSET, description="The authority's number (opdrachtnummer); it can't be emptied."
    )
    title: str | None = strawberry.field(default=strawberry.UNSET, description="Titel; it can't be emptied.")
    type_code: str | None = strawberry.field(
        default=strawberry.UNSET, description="The code of a type, such as `CONTRACT`; it can't be emptied."
    )


@strawberry.input(description="Which contract ends, and why.")
class EndContractInput:
    id: strawberry.ID = strawberry.field(description="The contract, one that the authority awarded.")
    reason: str = strawberry.field(description="Reden; required.")
