"""No reference is checked twice, and no index is kept that nobody reads (docs/decisions/0034)."""

from copy import deepcopy
from typing import Final

from tortoise import migrations
from tortoise.fields.relational import ForeignKeyFieldInstance
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_generator.state import State

HELD_TWICE: Final = {
    "action": ("contract_id", "contracting_authority_id", "document_id"),
    "audit_link": ("organisation_id",),
    "delivery": ("letter_id",),
    "document": ("contract_id", "contracting_authority_id"),
    "group_link": ("contract_id", "group_id", "organisation_id"),
    "letter": ("self_registration_id", "work_relation_id"),
    "membership": ("contract_id", "group_id", "group_link_id", "organisation_id", "user_id", "work_relation_id"),
    "message": ("contract_id", "contracting_authority_id", "document_id"),
    "notification": ("action_id", "contract_id", "document_id", "message_id", "organisation_id"),
    "routing": ("follows_id",),
    "work_relation_period": ("organisation_id", "user_id", "work_relation_id"),
}
"""By table, the columns whose own key says what a composite one says, at once or by way of the row that it leads to."""

MOSTLY_EMPTY: Final = {
    "access_mandate_ended_by": ("access_mandate", "ended_by_id", "idx_access_mand_ended_b_6211f0"),
    "access_right_revoked_by": ("access_right", "revoked_by_id", "idx_access_righ_revoked_335f8c"),
    "action_of_assignee": ("action", "assignee_id", "idx_action_assigne_971e62"),
    "action_of_document": ("action", "document_id", "idx_action_documen_d80b13"),
    "assignment_released_by": ("assignment", "released_by_id", "idx_assignment_release_9b5c06"),
    "delivery_of_user": ("delivery", "user_id", "idx_delivery_user_id_4a74b2"),
    "document_created_by": ("document", "created_by_id", "idx_document_created_f81916"),
    "document_sent_by": ("document", "sent_by_id", "idx_document_sent_by_b9965a"),
    "group_link_ended_by": ("group_link", "ended_by_id", "idx_group_link_ended_b_f27999"),
    "membership_ended_by": ("membership", "ended_by_id", "idx_membership_ended_b_25a227"),
    "membership_of_contract": ("membership", "contract_id", "idx_membership_contrac_d2e34a"),
    "message_of_document": ("message", "document_id", "idx_message_documen_24cb26"),
    "notification_released_by": ("notification", "released_by_id", "idx_notificatio_release_464605"),
    "routing_following": ("routing", "follows_id", "idx_routing_follows_222309"),
    "self_registration_decided_by": ("self_registration", "decided_by_id", "idx_self_regist_decided_d17585"),
}
"""By its new name, an index that held every row, and is to hold those whose column is filled."""

NAMED: Final = {
    "idx_access_mand_appoint_66ee1d": "access_mandate_appointed_by",
    "idx_access_mand_organis_232a1c": "access_mandate_of_organisation",
    "idx_access_mand_user_id_fad0aa": "access_mandate_of_user",
    "idx_access_righ_access__31bd0c": "access_right_role_of_right",
    "idx_access_righ_granted_380147": "access_right_granted_by",
    "idx_assignment_action__d54be1": "assignment_of_action",
    "idx_assignment_assigne_0801db": "assignment_assigned_by",
    "idx_assignment_user_id_04da14": "assignment_of_user",
    "idx_attachment_documen_42d78b": "attachment_of_document",
    "idx_delivery_organis_5f0a17": "delivery_of_organisation",
    "idx_group_link_group_i_c01bb0": "group_link_of_group_ever",
    "idx_group_link_linked__bca0c4": "group_link_linked_by",
    "idx_group_refer_group_i_354901": "group_reference_level_of_group",
    "idx_group_theme_group_i_85dcbf": "group_theme_level_of_group",
    "idx_introductio_introdu_eaace2": "introduction_introduced_by",
    "idx_membership_added_b_ea11f0": "membership_added_by",
    "idx_membership_group_i_4d82bd": "membership_of_group_ever",
    "idx_membership_user_id_550878": "membership_of_user_ever",
    "idx_registered__enterpr_b1909a": "registered_representative_of_enterprise",
    "idx_self_regist_applica_5ab285": "self_registration_of_applicant",
    "idx_session_user_id_23ddbc": "session_of_user_ever",
    "idx_work_relati_user_id_711ac6": "work_relation_of_user",
}
"""Indexes that Tortoise named, and stay."""

BEGINNINGS: Final = (
    "idx_access_grou_organis_d514fe",
    "idx_access_righ_work_re_5bad69",
    "idx_action_contrac_485ea2",
    "idx_action_contrac_c4c7a6",
    "idx_contract_contrac_da0cf4",
    "idx_contract_organis_1db60d",
    "idx_delivery_routing_18a209",
    "idx_document_contrac_7b3838",
    "idx_document_contrac_b35940",
    "idx_introductio_user_id_f29023",
    "idx_message_contrac_028327",
    "idx_message_contrac_476f1a",
    "idx_notificatio_contrac_7b2a19",
    "idx_notificatio_organis_fc9aec",
    "idx_personal_ke_user_id_e6889a",
    "idx_routing_notific_6d1ac9",
    "idx_self_regist_organis_4b8736",
    "idx_work_relati_organis_b06ab8",
    "idx_work_relati_user_id_b00715",
    "idx_work_relati_work_re_9b33b9",
)
"""Of their table's other indexes, one begins as each of these does."""

UNREAD: Final = (
    "idx_audit_entry_actor_i_89ae59",
    "idx_audit_link_organis_c995f3",
    "idx_contract_type_id_63b8f7",
    "idx_document_theme_i_35575a",
    "idx_group_link_organis_0bf441",
    "idx_group_refer_contrac_14ddfe",
    "idx_group_theme_theme_i_41d432",
    "idx_introductio_organis_5b6fe4",
    "idx_letter_access__95f229",
    "idx_letter_organis_ad2c14",
    "idx_letter_self_re_79f40f",
    "idx_letter_work_re_7c2682",
    "idx_machine_cli_organis_d7a78c",
    "idx_membership_group_l_806938",
    "idx_membership_work_re_f3450f",
    "idx_notificatio_action__cd32bd",
    "idx_notificatio_documen_c18bbe",
    "idx_notificatio_message_a057ba",
    "idx_registered__person__b8ef10",
    "idx_work_relati_organis_07fae3",
)
"""What they lead to is asked for by nobody, or always together with what another index has, too."""

# What takes time comes first, while it holds up those who write and nobody who reads.
STATEMENTS: Final = [
    *(
        f'create index "{name}" on "{table}" ({column}) where {column} is not null'
        for name, (table, column, _) in MOSTLY_EMPTY.items()
    ),
    *(f'alter index "{old}" rename to "{new}"' for old, new in NAMED.items()),
    *(f'drop index "{name}"' for name in (*BEGINNINGS, *UNREAD, *(old for *_, old in MOSTLY_EMPTY.values()))),
    *(
        f'alter table "{table}" {", ".join(f"drop constraint {table}_{column}_fkey" for column in columns)}'
        for table, columns in HELD_TWICE.items()
    ),
]


class TellTortoise(ops.TortoiseOperation):
    """Has Tortoise know what the statements do: a foreign key makes no index, and some are held in another way."""

    def state_forward(self, app_label: str, state: State) -> None:
        """Changes what is known of every foreign key, and builds the models anew once."""
        del app_label
        for model in state.models.values():
            held = HELD_TWICE.get(model.options["table"], ())
            for name, field in model.fields.items():
                if isinstance(field, ForeignKeyFieldInstance):
                    told = deepcopy(field)
                    told.index, told.db_constraint = False, f"{name}_id" not in held
                    model.fields[name] = told
        state.reload_models(list(state.models))


class Migration(migrations.Migration):
    """Drops, and takes other indexes in the place of some; the rows stay as they are."""

    dependencies = [("models", "0025_members_by_contract")]

    operations = [ops.RunSQL(STATEMENTS), TellTortoise()]
