"""The root fields of mutations: a table of contents."""

from collections.abc import Mapping
from typing import Any, Final

import strawberry

from gql.resolvers.access_mandate import appoint_access_manager, dismiss_access_manager, set_mandate_email
from gql.resolvers.access_right import change_access_right, grant_access_right, revoke_access_right
from gql.resolvers.action import open_action
from gql.resolvers.assignment import assign_action, complete_action, release_action
from gql.resolvers.attachment import remove_attachment, request_upload
from gql.resolvers.contract import set_contract_groups, update_contract
from gql.resolvers.contract_publication import correct_contract, end_contract, publish_contract
from gql.resolvers.delivery import retry_delivery
from gql.resolvers.document import deliver_document
from gql.resolvers.draft import delete_draft, draft_document, send_document, update_document
from gql.resolvers.group import create_group, delete_group, remove_group_member, update_group
from gql.resolvers.group_link import set_contract_specific_members
from gql.resolvers.group_preview import preview_group_change
from gql.resolvers.message import deliver_message
from gql.resolvers.organisation import set_organisation_email
from gql.resolvers.person import add_person, look_up_person, set_language
from gql.resolvers.self_registration import (
    approve_self_registration,
    reject_self_registration,
    request_self_registration,
)
from gql.resolvers.session import end_session
from gql.resolvers.work_relation import create_work_relation, end_work_relation, update_work_relation
from gql.roots import mutation_field
from gql.schema.access_mandate import (
    AccessMandatePayload,
    AppointAccessManagerInput,
    DismissAccessManagerInput,
    SetMandateEmailInput,
)
from gql.schema.access_right import (
    AccessRightPayload,
    ChangeAccessRightInput,
    GrantAccessRightInput,
    RevokeAccessRightInput,
)
from gql.schema.action import (
    ActionPayload,
    AssignActionInput,
    CompleteActionInput,
    OpenActionInput,
    ReleaseActionInput,
)
from gql.schema.contract import ContractPayload, SetContractGroupsInput, UpdateContractInput
from gql.schema.contract_publication import CorrectContractInput, EndContractInput, PublishContractInput
from gql.schema.document import (
    DeleteDraftInput,
    DeleteDraftPayload,
    DeliverDocumentInput,
    DeliverDocumentPayload,
    DocumentPayload,
    DraftDocumentInput,
    RemoveAttachmentInput,
    RequestUploadInput,
    SendDocumentInput,
    UpdateDocumentInput,
    UploadPayload,
)
from gql.schema.group import CreateGroupInput, DeleteGroupInput, GroupPayload, RemoveGroupMemberInput, UpdateGroupInput
from gql.schema.group_link import GroupLinkPayload, SetContractSpecificMembersInput
from gql.schema.group_preview import GroupChangePreviewPayload, PreviewGroupChangeInput
from gql.schema.message import DeliverMessageInput, MessagePayload
from gql.schema.notification import DeliveryPayload, RetryDeliveryInput
from gql.schema.organisation import OrganisationPayload, SetOrganisationEmailInput
from gql.schema.person import AddPersonInput, LookUpPersonInput, LookUpPersonPayload, SetLanguageInput, UserPayload
from gql.schema.self_registration import (
    ApproveSelfRegistrationInput,
    RejectSelfRegistrationInput,
    RequestSelfRegistrationInput,
    SelfRegistrationPayload,
)
from gql.schema.viewer import EndSessionInput, EndSessionPayload
from gql.schema.work_relation import (
    CreateWorkRelationInput,
    EndWorkRelationInput,
    UpdateWorkRelationInput,
    WorkRelationPayload,
)

NOTHING_ENDED: Final[Mapping[str, Any]] = {"ended_group_links": [], "ended_memberships": [], "released_actions": []}
"""The payload fields of a mutation of groups or contracts that ended nothing."""


@strawberry.type(description="The mutations. Each returns what it changed, or why it was refused.")
class Mutation:
    appoint_access_manager: AccessMandatePayload = mutation_field(
        "Appoints the main access manager (hoofdtoegangsbeheerder) or an access manager (manual 2). For legal "
        "representatives; access managers also by the main access manager.",
        appoint_access_manager,
        AppointAccessManagerInput,
        "mandate",
    )
    dismiss_access_manager: AccessMandatePayload = mutation_field(
        "Ends a mandate. For whoever may make this appointment.",
        dismiss_access_manager,
        DismissAccessManagerInput,
        "mandate",
    )
    set_mandate_email: AccessMandatePayload = mutation_field(
        "Sets or clears the address for mails to the viewer's own mandate.",
        set_mandate_email,
        SetMandateEmailInput,
        "mandate",
    )
    look_up_person: LookUpPersonPayload = mutation_field(
        "Looks up the person with a national register number (manual 2.1.2). For access managers, 30 times an "
        "hour each and 300 times a day per organisation.",
        look_up_person,
        LookUpPersonInput,
        "person",
    )
    add_person: UserPayload = mutation_field(
        "Adds a person by national register number (Nieuwe persoon toevoegen, manual 2.1.2); names and birth date come "
        "from the person register. For access managers, 30 times an hour.",
        add_person,
        AddPersonInput,
        "user",
    )
    set_language: UserPayload = mutation_field(
        "Sets the language of mails to the viewer.", set_language, SetLanguageInput, "user"
    )
    create_work_relation: WorkRelationPayload = mutation_field(
        "Links a person to an organisation for a period (manual 2.1.3). For access managers.",
        create_work_relation,
        CreateWorkRelationInput,
        "work_relation",
        {"former_memberships": None},
    )
    update_work_relation: WorkRelationPayload = mutation_field(
        "Changes a work relation; a new last day extends it. For access managers.",
        update_work_relation,
        UpdateWorkRelationInput,
        "work_relation",
        {"former_memberships": None},
    )
    end_work_relation: WorkRelationPayload = mutation_field(
        "Ends a work relation early. For access managers.",
        end_work_relation,
        EndWorkRelationInput,
        "work_relation",
        {"former_memberships": None},
    )
    grant_access_right: AccessRightPayload = mutation_field(
        "Grants the right to use e-Contracting (manual 2.1.4). For access managers.",
        grant_access_right,
        GrantAccessRightInput,
        "right",
        {"released_actions": []},
    )
    change_access_right: AccessRightPayload = mutation_field(
        "Changes the roles of a right. For access managers.",
        change_access_right,
        ChangeAccessRightInput,
        "right",
        {"released_actions": []},
    )
    revoke_access_right: AccessRightPayload = mutation_field(
        "Revokes a right immediately. For access managers.",
        revoke_access_right,
        RevokeAccessRightInput,
        "right",
        {"released_actions": []},
    )
    request_self_registration: SelfRegistrationPayload = mutation_field(
        "Requests a right through a self-registration link (manual 2.1.5); a second request returns the open one."
        " For anyone signed in who lacks one of the roles.",
        request_self_registration,
        RequestSelfRegistrationInput,
        "task",
        {"right": None, "former_memberships": None},
    )
    approve_self_registration: SelfRegistrationPayload = mutation_field(
        "Approves a request for a right (Keur goed, manual 2.1.5.2). For access managers.",
        approve_self_registration,
        ApproveSelfRegistrationInput,
        "task",
        {"right": None, "former_memberships": None},
    )
    reject_self_registration: SelfRegistrationPayload = mutation_field(
        "Rejects a request for a right. For access managers.",
        reject_self_registration,
        RejectSelfRegistrationInput,
        "task",
        {"right": None, "former_memberships": None},
    )

    create_group: GroupPayload = mutation_field(
        "Creates a group (Nieuwe groep, manual 3.1). For administrators.",
        create_group,
        CreateGroupInput,
        "group",
        NOTHING_ENDED,
    )
    update_group: GroupPayload = mutation_field(
        "Changes a group, with immediate effect in every contract that it is linked to (manual 3.2). For "
        "administrators.",
        update_group,
        UpdateGroupInput,
        "group",
        NOTHING_ENDED,
    )
    delete_group: GroupPayload = mutation_field(
        "Makes a group inactive and ends its links (Groep verwijderen, manual 3.3). For administrators.",
        delete_group,
        DeleteGroupInput,
        "group",
        NOTHING_ENDED,
    )
    remove_group_member: GroupPayload = mutation_field(
        "Ends one fixed membership (Lid verwijderen uit groep, manual 3.2). For administrators.",
        remove_group_member,
        RemoveGroupMemberInput,
        "group",
        NOTHING_ENDED,
    )
    preview_group_change: GroupChangePreviewPayload = mutation_field(
        "Previews the effect of an update, a deletion or an unlinking; changes nothing. For administrators.",
        preview_group_change,
        PreviewGroupChangeInput,
        "preview",
    )
    set_contract_groups: ContractPayload = mutation_field(
        "Links groups to a contract and unlinks the others (Groepen koppelen/ontkoppelen, manual 3.4). For "
        "administrators.",
        set_contract_groups,
        SetContractGroupsInput,
        "contract",
        NOTHING_ENDED,
    )
    set_contract_specific_members: GroupLinkPayload = mutation_field(
        "Sets the members of a group for one contract only (Leden koppelen/ontkoppelen, manual 3.5). For "
        "administrators.",
        set_contract_specific_members,
        SetContractSpecificMembersInput,
        "group_link",
        {"ended_memberships": [], "released_actions": []},
    )
    update_contract: ContractPayload = mutation_field(
        "Changes the own reference and the e-mail address of a contract (manual 4.1). For administrators, and users "
        "with reference level WRITE.",
        update_contract,
        UpdateContractInput,
        "contract",
        NOTHING_ENDED,
    )
    set_organisation_email: OrganisationPayload = mutation_field(
        "Sets or clears the organisation's e-mail address (manual 4.3). For administrators.",
        set_organisation_email,
        SetOrganisationEmailInput,
        "organisation",
    )
    deliver_document: DeliverDocumentPayload = mutation_field(
        "Delivers a document on a contract. For the machine client of the authority that awarded it.",
        deliver_document,
        DeliverDocumentInput,
        "document",
        {"uploads": []},
    )
    publish_contract: ContractPayload = mutation_field(
        "Publishes a contract to the organisation that carries it out. For authorities' machine clients.",
        publish_contract,
        PublishContractInput,
        "contract",
        NOTHING_ENDED,
    )
    correct_contract: ContractPayload = mutation_field(
        "Corrects number, title or type of a contract. For the authority that awarded it.",
        correct_contract,
        CorrectContractInput,
        "contract",
        NOTHING_ENDED,
    )
    end_contract: ContractPayload = mutation_field(
        "Ends a contract; it is read-only from then on. For the authority that awarded it.",
        end_contract,
        EndContractInput,
        "contract",
        NOTHING_ENDED,
    )
    deliver_message: MessagePayload = mutation_field(
        "Delivers a message about a contract or a document. For the authority that awarded it.",
        deliver_message,
        DeliverMessageInput,
        "message",
    )
    open_action: ActionPayload = mutation_field(
        "Opens an action on a contract. For the authority that awarded it.",
        open_action,
        OpenActionInput,
        "action",
    )
    draft_document: DocumentPayload = mutation_field(
        "Creates a draft document (opmaken). For users with DRAFT on its theme.",
        draft_document,
        DraftDocumentInput,
        "document",
    )
    update_document: DocumentPayload = mutation_field(
        "Changes the title of a draft. For users with DRAFT on its theme.",
        update_document,
        UpdateDocumentInput,
        "document",
    )
    delete_draft: DeleteDraftPayload = mutation_field(
        "Deletes a draft. For users with DRAFT on its theme, even if the theme has been hidden since.",
        delete_draft,
        DeleteDraftInput,
        "deleted_document_id",
        {"contract": None},
    )
    request_upload: UploadPayload = mutation_field(
        "Announces a file of a draft and returns the URL to upload it to. For users with DRAFT on its theme.",
        request_upload,
        RequestUploadInput,
        "upload",
    )
    remove_attachment: DocumentPayload = mutation_field(
        "Removes a file from a draft. For users with DRAFT on its theme, even if the theme has been hidden since.",
        remove_attachment,
        RemoveAttachmentInput,
        "document",
    )
    send_document: DocumentPayload = mutation_field(
        "Sends a draft to the contracting authority (verzenden). For users with SEND on its theme.",
        send_document,
        SendDocumentInput,
        "document",
    )
    assign_action: ActionPayload = mutation_field(
        "Assigns an open action to oneself or somebody else. For users with DRAFT on its theme.",
        assign_action,
        AssignActionInput,
        "action",
    )
    release_action: ActionPayload = mutation_field(
        "Releases an action (vrijgeven). For its assignee and for administrators.",
        release_action,
        ReleaseActionInput,
        "action",
    )
    complete_action: ActionPayload = mutation_field(
        "Completes an action. For its assignee.", complete_action, CompleteActionInput, "action"
    )
    retry_delivery: DeliveryPayload = mutation_field(
        "Retries a failed mail. For administrators.",
        retry_delivery,
        RetryDeliveryInput,
        "delivery",
    )
    end_session: EndSessionPayload = mutation_field(
        "Ends one of the viewer's sessions, or all of them.",
        end_session,
        EndSessionInput,
        "ended",
        {"ended": 0, "ended_session_ids": ()},
    )
