"""What can be asked: a table of contents."""

import strawberry

from gql.reading.engine.root_lookups import AllRows, ByColumn, ById, ByIds, ViewerRow
from gql.reading.fields import Argument
from gql.resolvers.audit_action import audit_actions
from gql.resolvers.node import node, nodes
from gql.resolvers.organisation import asked_number, organisation
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


@strawberry.type(description="What can be asked.")
class Query:
    node: Node | None = query_field(
        "The object with this id; null when there is none that the viewer may see.",
        node,
        {"id": Argument(strawberry.ID, description="The object's global id.")},
        lookup=ById(),
    )
    nodes: list[Node | None] = query_field(
        "The objects with these ids, in order; null where there is none that the viewer may see.",
        nodes,
        {"ids": Argument(list[strawberry.ID], description="At most 100 global ids.")},
        lookup=ByIds(),
    )
    viewer: Viewer | None = query_field(
        "Who is asking; null when nobody is signed in.",
        viewer,
        for_anyone=True,
        lookup=ViewerRow("Viewer", ":person as user_id"),
    )
    organisation: Organisation | None = query_field(
        "The organisation with this number; null when there is none that the viewer may see.",
        organisation,
        {"enterprise_number": Argument(EnterpriseNumber, description="In any usual notation.")},
        lookup=ByColumn("Organisation", "enterprise_number", "enterprise_number", asked_number),
    )
    themes: list[Theme] = query_field(
        "The themes that can be granted today.", themes, lookup=AllRows("Theme", "{row}.visible")
    )
    contract_types: list[ContractType] = query_field(
        "The types of contracts.", contract_types, lookup=AllRows("ContractType")
    )
    audit_actions: list[AuditActionName] = query_field(
        "What audit logs tell of (handelingen), as a menu that filters one shows it.",
        audit_actions,
    )
    self_registration_form: SelfRegistrationForm = query_field(
        "What a self-registration link means, before the request is made.",
        self_registration_form,
        {"link": Argument(SelfRegistrationLinkInput, description="What stands in the link.")},
    )
