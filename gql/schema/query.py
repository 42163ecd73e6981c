"""The root fields of queries: a table of contents."""

import strawberry

from gql.reading.engine.root_lookups import AllRows, ByColumn, ById, ByIds, ViewerRow
from gql.reading.fields import Argument
from gql.resolvers.audit_action import audit_actions
from gql.resolvers.node import node, nodes
from gql.resolvers.organisation import organisation, parsed_enterprise_number
from gql.resolvers.self_registration import self_registration_form
from gql.resolvers.theme import contract_types, themes
from gql.resolvers.viewer import viewer
from gql.roots import query_field
from gql.schema.audit_action import AuditActionName
from gql.schema.contract_type import ContractType
from gql.schema.node import Node
from gql.schema.organisation import Organisation
from gql.schema.scalars import EnterpriseNumber
from gql.schema.self_registration import SelfRegistrationForm, SelfRegistrationLinkInput
from gql.schema.theme import Theme
from gql.schema.viewer import Viewer


@strawberry.type(description="The queries.")
class Query:
    node: Node | None = query_field(
        "The object with this id; null if there is none that the viewer may see.",
        node,
        {"id": Argument(strawberry.ID, description="The object's global id.")},
        lookup=ById(),
    )
    nodes: list[Node | None] = query_field(
        "The objects with these ids, in the same order; null for each that doesn't exist or that the viewer may "
        "not see.",
        nodes,
        {"ids": Argument(list[strawberry.ID], description="At most 100 global ids.")},
        lookup=ByIds(),
    )
    viewer: Viewer | None = query_field(
        "The viewer; null if nobody is signed in.",
        viewer,
        for_anyone=True,
        lookup=ViewerRow("Viewer", ":person as user_id"),
    )
    organisation: Organisation | None = query_field(
        "The organisation with this number; null if there is none that the viewer may see.",
        organisation,
        {"enterprise_number": Argument(EnterpriseNumber, description="In any usual notation.")},
        lookup=ByColumn("Organisation", "enterprise_number", "enterprise_number", parsed_enterprise_number),
    )
    themes: list[Theme] = query_field(
        "The themes that can be granted today.", themes, lookup=AllRows("Theme", "{row}.visible")
    )
    contract_types: list[ContractType] = query_field(
        "The types of contracts.", contract_types, lookup=AllRows("ContractType")
    )
    audit_actions: list[AuditActionName] = query_field(
        "The audited actions (handelingen) with display names, for the filter of an audit log.",
        audit_actions,
    )
    self_registration_form: SelfRegistrationForm = query_field(
        "What a self-registration link offers, before a request is made.",
        self_registration_form,
        {"link": Argument(SelfRegistrationLinkInput, description="The parameters of the link.")},
    )
