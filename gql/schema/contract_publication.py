"""Contracts as a contracting authority's system publishes, corrects and ends them."""

import strawberry

from gql.schema.scalars import EnterpriseNumber


@strawberry.input(description="A contract published by a contracting authority's system.")
class PublishContractInput:
    external_id: str = strawberry.field(
        description="The authority's own id; repeating the request returns the same contract."
    )
    number: str = strawberry.field(description="The authority's number (opdrachtnummer).")
    title: str = strawberry.field(description="Titel.")
    type_code: str = strawberry.field(description="The code of a type of contract, such as `CONTRACT`.")
    contractor_enterprise_number: EnterpriseNumber = strawberry.field(
        description="The organisation that carries it out."
    )


@strawberry.input(description="A correction of a contract; omitted fields stay unchanged.")
class CorrectContractInput:
    id: strawberry.ID = strawberry.field(description="A contract that the authority awarded.")
    number: str | None = strawberry.field(
        default=strawberry.UNSET, description="The authority's number (opdrachtnummer); can't be null."
    )
    title: str | None = strawberry.field(default=strawberry.UNSET, description="Titel; can't be null.")
    type_code: str | None = strawberry.field(
        default=strawberry.UNSET, description="The code of a type, such as `CONTRACT`; can't be null."
    )


@strawberry.input(description="A contract to end.")
class EndContractInput:
    id: strawberry.ID = strawberry.field(description="A contract that the authority awarded.")
    reason: str = strawberry.field(description="Reden; required.")
