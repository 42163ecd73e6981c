"""What can be done: a table of contents."""

import strawberry

from gql.resolvers.contract import set_contract_groups
from gql.resolvers.document import deliver_document
from gql.resolvers.group import create_group
from gql.resolvers.organisation import set_email
from gql.roots import Given, act
from gql.schema.contract import ContractPayload, SetContractGroupsInput
from gql.schema.document import DeliverDocumentInput, DeliverDocumentPayload
from gql.schema.group import CreateGroupInput, GroupPayload
from gql.schema.organisation import OrganisationPayload, SetOrganisationEmailInput


@strawberry.type(description="What can be done. Each answers with what it changed, or with why it was refused.")
class Mutation:
    """What can be done."""

    create_group: GroupPayload = act(
        "Makes a group (Nieuwe groep, manual 3.1). For administrators.", create_group, Given(CreateGroupInput, "group")
    )
    set_contract_groups: ContractPayload = act(
        "Ties groups to a contract and unties the others (Groepen koppelen/ontkoppelen, manual 3.4). For "
        "administrators.",
        set_contract_groups,
        Given(SetContractGroupsInput, "contract"),
    )
    set_organisation_email: OrganisationPayload = act(
        "Sets or empties the organisation's e-mail address (manual 4.3). For administrators.",
        set_email,
        Given(SetOrganisationEmailInput, "organisation"),
    )
    deliver_document: DeliverDocumentPayload = act(
        "Delivers a document on a contract. For the machine client of the authority that awarded it.",
        deliver_document,
        Given(DeliverDocumentInput, "document", {"uploads": []}),
    )
