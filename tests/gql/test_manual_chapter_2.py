"""Chapter 2 of the manual (Toegang) until the right is granted, sentence by sentence."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.actor import Actor
from domain.models import (
    AccessMandate,
    AccessMandateKind,
    AccessRight,
    Contract,
    Delivery,
    DocumentLevel,
    Letter,
    LetterKind,
    User,
    WorkRelation,
)
from domain.rules.expiry_letters import write_expiry_warnings
from gql.reading.ids import global_id
from registers.lifespan import open_registers
from settings import settings
from tests import rows
from tests.access_cast import MANAGERS, Cast, cast
from tests.gql.access_manager_api import RELATION, RIGHT, AccessManagerApi, four_years_from
from tests.gql.access_mutations import id_of
from tests.gql.execution import execute_operation, machine, read
from tests.rows.registers import a_registered_person
from tests.table_contents import assert_tables_unchanged
from tests.time_travel import travel_to

__all__ = ["cast"]
NUMBER, ANOTHER = "85073003328", "90022742191"
PERSON = "person { givenName familyName birthDate maskedNationalNumber }"
MANDATE = "mandate { id kind }"


@pytest.fixture
async def api(cast: Cast) -> AsyncIterator[AccessManagerApi]:
    """An organisation with everyone, and registers."""
    async with open_registers(settings()):
        yield AccessManagerApi(cast)


async def appointment_codes(api: AccessManagerApi, who: str, relation: WorkRelation, kind: str) -> list[str]:
    """The codes of the errors of appointAccessManager."""
    appointment = {"userId": global_id("User", relation.user_id), "kind": kind}
    payload = await api.execute_mutation(who, "appointAccessManager", MANDATE, **api.organisation_input | appointment)
    return [error["code"] for error in payload["errors"]]


# 2 Toegang


async def test_2_without_a_right_nobody_has_access(api: AccessManagerApi):
    colleague = await api.cast.a_colleague()
    actor = api.cast.actor_of(colleague)
    assert await api.viewer_roles(actor) is None
    assert await api.cast.contracts_of(colleague) == []
    assert (await api.grant_access_right(id_of(colleague), "ADMINISTRATOR"))["errors"] == []
    assert await api.viewer_roles(actor) == ["ADMINISTRATOR"]


async def test_2_an_organisation_is_found_by_its_enterprise_number_in_any_notation(api: AccessManagerApi):
    digits = api.organisation.enterprise_number
    formatted = f"{digits[:4]}.{digits[4:7]}.{digits[7:]}"
    document = "query($n: EnterpriseNumber!) { organisation(enterpriseNumber: $n) { id enterpriseNumber } }"
    for notation in (digits, formatted, f"BE {formatted}", f"be{digits}", f" {digits[:4]} {digits[4:7]} {digits[7:]} "):
        data = await read(api.actor("legal"), document, n=notation)
        assert data["organisation"] == {"id": id_of(api.organisation), "enterpriseNumber": formatted}


async def test_2_a_legal_representative_has_access_automatically(api: AccessManagerApi):
    assert not await WorkRelation.filter(user_id=api.cast.people["legal"].id).exists()
    viewed = await api.viewer_organisation("legal")
    assert viewed
    assert (viewed["roles"], viewed["mandates"]) == (["ADMINISTRATOR"], ["LEGAL_REPRESENTATIVE"])
    contracts = await Contract.filter(organisation_id=api.organisation.id)
    assert [edge["node"]["id"] for edge in viewed["organisation"]["contracts"]["edges"]] == [
        id_of(contract) for contract in contracts
    ]


async def test_2_a_legal_representative_manages_the_rights_automatically(api: AccessManagerApi):
    viewed = await api.viewer_organisation("legal")
    assert viewed
    abilities = ["MANAGE_ACCESS", "APPOINT_MAIN_ACCESS_MANAGER", "APPOINT_ACCESS_MANAGER", "ADMINISTER"]
    assert viewed["organisation"]["viewerCan"] == abilities


async def test_2_a_legal_representative_manages_access_alone(api: AccessManagerApi):
    await (
        AccessMandate.exclude(kind=AccessMandateKind.LEGAL_REPRESENTATIVE)
        .filter(organisation_id=api.organisation.id)
        .update(ended_at=await rows.now(), end_reason="Weg")
    )
    stranger = await api.cast.a_stranger()
    relation = await api.created_work_relation(stranger.id, who="legal")
    assert (await api.grant_access_right(relation["id"], "USER", who="legal"))["errors"] == []


async def test_2_a_legal_representative_appoints_a_main_access_manager(api: AccessManagerApi):
    colleague = await api.cast.a_colleague()
    mandate = {"id": id_of(api.cast.mandates["main-manager"]), "reason": "Andere functie"}
    await api.execute_successfully("legal", "dismissAccessManager", MANDATE, **mandate)
    assert await appointment_codes(api, "legal", colleague, "MAIN_ACCESS_MANAGER") == []
    viewed = await api.viewer_organisation(api.cast.actor_of(colleague))
    assert viewed
    assert (viewed["roles"], viewed["mandates"]) == ([], ["MAIN_ACCESS_MANAGER"])
    assert viewed["organisation"]["viewerCan"] == ["MANAGE_ACCESS", "APPOINT_ACCESS_MANAGER"]


@pytest.mark.parametrize("who", ["legal", "main-manager"])
async def test_2_legal_representative_and_main_access_manager_appoint_access_managers(api: AccessManagerApi, who: str):
    for _ in range(2):
        colleague = await api.cast.a_colleague()
        assert await appointment_codes(api, who, colleague, "ACCESS_MANAGER") == []
        viewed = await api.viewer_organisation(api.cast.actor_of(colleague))
        assert viewed
        assert viewed["organisation"]["viewerCan"] == ["MANAGE_ACCESS"]


async def test_2_an_access_manager_appoints_nobody(api: AccessManagerApi):
    colleague = await api.cast.a_colleague()
    async with assert_tables_unchanged():
        assert await appointment_codes(api, "manager", colleague, "ACCESS_MANAGER") == ["FORBIDDEN"]


async def test_2_the_authority_never_sees_who_sent_a_document(api: AccessManagerApi):
    contract = await Contract.get(organisation_id=api.organisation.id).select_related("contracting_authority")
    group = await rows.a_group(api.organisation, levels={"INVOICING": DocumentLevel.SEND})
    await rows.a_link(contract, group)
    sender = Actor(user_id=(await rows.a_membership(group)).user_id)
    draft = {"contractId": id_of(contract), "themeCode": "INVOICING", "title": "Vorderingsstaat 1"}
    drafted = await api.execute_successfully(sender, "draftDocument", "document { id version }", **draft)
    await api.execute_successfully(sender, "sendDocument", "document { status }", **drafted)

    document = "query($id: ID!) { node(id: $id) { ... on Document { title sentAt sentBy { fullName } } } }"
    by_authority = (await read(machine(contract.contracting_authority), document, id=drafted["id"]))["node"]
    assert (by_authority["title"], by_authority["sentBy"]) == ("Vorderingsstaat 1", None)
    assert by_authority["sentAt"] is not None
    by_sender = (await read(sender, document, id=drafted["id"]))["node"]
    assert by_sender["sentBy"] == {"fullName": (await User.get(id=sender.user_id)).full_name}


async def test_2_only_people_with_the_level_send_send_a_document(api: AccessManagerApi):
    contract = await Contract.get(organisation_id=api.organisation.id)
    group = await rows.a_group(api.organisation, levels={"INVOICING": DocumentLevel.DRAFT})
    await rows.a_link(contract, group)
    drafter = Actor(user_id=(await rows.a_membership(group)).user_id)
    draft = {"contractId": id_of(contract), "themeCode": "INVOICING", "title": "Vorderingsstaat 1"}
    drafted = await api.execute_successfully(drafter, "draftDocument", "document { id version }", **draft)
    for who, code in ((drafter, "FORBIDDEN"), ("admin", "FORBIDDEN"), ("user", "NOT_FOUND"), ("legal", "FORBIDDEN")):
        async with assert_tables_unchanged():
            payload = await api.execute_mutation(who, "sendDocument", "document { status }", **drafted)
        assert [error["code"] for error in payload["errors"]] == [code]


# 2.1 Hoe ken ik als (hoofd)toegangsbeheerder een gebruikersrecht toe?


@pytest.mark.parametrize("who", MANAGERS)
async def test_2_1_each_access_manager_grants_rights_in_their_own_organisation_only(api: AccessManagerApi, who: str):
    assert (await api.grant_access_right(id_of(await api.cast.a_colleague()), "USER", who=who))["errors"] == []
    other_relation = await rows.a_work_relation()
    async with assert_tables_unchanged():
        payload = await api.grant_access_right(id_of(other_relation), "USER", who=who)
    assert [(error["code"], error["path"]) for error in payload["errors"]] == [("NOT_FOUND", ["workRelationId"])]


async def test_2_1_a_right_is_obtained_by_national_number_or_by_self_registration(api: AccessManagerApi):
    by_number = await api.create_employee("USER")
    applicant = Actor(user_id=(await rows.a_user()).id)
    task = await api.requested_task(applicant)
    today = (await rows.today()).isoformat()
    approval = {"id": task["id"], "roles": ["USER"], "validFrom": today, "validUntil": today}
    await api.execute_successfully("manager", "approveSelfRegistration", RIGHT, **approval)
    assert [await api.viewer_roles(actor) for actor in (by_number, applicant)] == [["USER"], ["USER"]]


# 2.1.1 Aanmelden bij het Gebruikersbeheer


async def test_2_1_1_only_a_signed_in_access_manager_adds_people(api: AccessManagerApi):
    await a_registered_person(NUMBER)
    document = "mutation($input: AddPersonInput!) { addPerson(input: $input) { user { id } errors { code } } }"
    mutation_input = api.organisation_input | {"nationalNumber": NUMBER}
    async with assert_tables_unchanged():
        assert (await execute_operation(api.actor("nobody"), document, input=mutation_input)).codes == [
            "UNAUTHENTICATED"
        ]
    for who in MANAGERS:
        viewed = await api.viewer_organisation(who)
        assert viewed
        assert "MANAGE_ACCESS" in viewed["organisation"]["viewerCan"]
        assert (await read(api.actor(who), document, input=mutation_input))["addPerson"]["errors"] == []


# 2.1.2 Medewerkers toevoegen


async def test_2_1_2_a_work_relation_needs_a_person_who_was_added_before(api: AccessManagerApi):
    user = await rows.a_user()
    async with assert_tables_unchanged():
        payload = await api.create_work_relation(user.id)
    assert [(error["code"], error["path"]) for error in payload["errors"]] == [("NOT_FOUND", ["userId"])]
    await rows.an_introduction(api.organisation, user)
    assert (await api.create_work_relation(user.id))["errors"] == []


async def test_2_1_2_a_person_is_found_by_number_with_names_and_birth_date(api: AccessManagerApi):
    await a_registered_person(NUMBER, given_name="An", family_name="Peeters")
    for notation in (NUMBER, "85.07.30-033.28", "85 07 30 033 28"):
        person = await api.execute_successfully(
            "manager", "lookUpPerson", PERSON, **api.organisation_input, nationalNumber=notation
        )
        assert person == {
            "givenName": "An",
            "familyName": "Peeters",
            "birthDate": "1985-07-30",
            "maskedNationalNumber": "85.07.30-***.**",
        }


async def test_2_1_2_the_national_number_is_never_returned(api: AccessManagerApi):
    await a_registered_person(NUMBER)
    payloads = [
        await api.execute_mutation("manager", mutation, selection, **api.organisation_input, nationalNumber=notation)
        for mutation, selection in (("lookUpPerson", PERSON), ("addPerson", "user { id maskedNationalNumber }"))
        for notation in (NUMBER, "85.07.30-033.28", NUMBER[:-1] + "9")
    ]
    text = json.dumps(payloads)
    assert not any(part in text for part in (NUMBER, "033.28", "03328", NUMBER[:-1] + "9"))


async def test_2_1_2_the_language_of_a_person_is_optional(api: AccessManagerApi):
    await a_registered_person(NUMBER)
    await a_registered_person(ANOTHER)
    for number, optional, language in ((NUMBER, {}, None), (ANOTHER, {"language": "FR"}, "FR")):
        mutation_input = api.organisation_input | {"nationalNumber": number} | optional
        assert await api.execute_successfully("manager", "addPerson", "user { language }", **mutation_input) == {
            "language": language
        }


async def test_2_1_2_looking_up_adds_nobody_and_adding_twice_adds_one_person(api: AccessManagerApi):
    await a_registered_person(NUMBER, given_name="An", family_name="Peeters")
    people = await User.all().count()
    await api.execute_successfully("manager", "lookUpPerson", PERSON, **api.organisation_input, nationalNumber=NUMBER)
    assert await User.all().count() == people
    added = await api.execute_successfully(
        "manager", "addPerson", "user { id givenName }", **api.organisation_input, nationalNumber=NUMBER
    )
    assert await User.all().count() == people + 1
    added_again = await api.execute_successfully(
        "manager", "addPerson", "user { id givenName }", **api.organisation_input, nationalNumber=NUMBER
    )
    assert added_again == added
    assert await User.all().count() == people + 1


async def test_2_1_2_an_added_person_has_no_work_relation_yet(api: AccessManagerApi):
    await a_registered_person(NUMBER)
    added = await api.execute_successfully(
        "manager", "addPerson", "user { id }", **api.organisation_input, nationalNumber=NUMBER
    )
    newest = await User.all().order_by("-id").first()
    assert newest
    assert added == {"id": id_of(newest)}
    assert await api.viewer_organisation(Actor(user_id=newest.id)) is None
    assert (await api.created_work_relation(newest.id))["right"] is None


# 2.1.3 Werkrelatie aanmaken


async def test_2_1_3_a_right_is_for_one_organisation(api: AccessManagerApi):
    employee = await api.create_employee("ADMINISTRATOR")
    other_organisation = await rows.an_organisation()
    await rows.a_work_relation(await User.get(id=employee.user_id), other_organisation)
    viewer = (await read(employee, "{ viewer { organisations { organisation { id } roles } } }"))["viewer"]
    assert viewer == {"organisations": [{"organisation": {"id": id_of(api.organisation)}, "roles": ["ADMINISTRATOR"]}]}


@pytest.mark.parametrize("who", MANAGERS)
async def test_2_1_3_work_relations_are_made_with_ones_own_organisation_only(api: AccessManagerApi, who: str):
    stranger, other_organisation = await api.cast.a_stranger(), await rows.an_organisation()
    async with assert_tables_unchanged():
        payload = await api.create_work_relation(stranger.id, who=who, organisationId=id_of(other_organisation))
    assert [(error["code"], error["path"]) for error in payload["errors"]] == [("NOT_FOUND", ["organisationId"])]
    relation = await api.created_work_relation(stranger.id, who=who)
    document = "query($id: ID!) { node(id: $id) { ... on WorkRelation { organisation { id } } } }"
    assert (await read(api.actor(who), document, id=relation["id"]))["node"] == {
        "organisation": {"id": id_of(api.organisation)}
    }


async def test_2_1_3_the_category_is_permanent_by_default(api: AccessManagerApi):
    assert (await api.created_work_relation((await api.cast.a_stranger()).id))["category"] == "PERMANENT"
    for category in ("EXTERNAL", "DELEGATED", "PERMANENT"):
        relation = await api.created_work_relation((await api.cast.a_stranger()).id, category=category)
        assert relation["category"] == category


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-11-23", "2030-11-22"),
        ("2027-01-01", "2030-12-31"),  # the year's end
        ("2027-03-01", "2031-02-28"),  # 2028 has a leap day in between
        ("2028-02-29", "2032-02-28"),  # from a leap day on
        ("2027-03-28", "2031-03-27"),  # the clocks go forward on the first day
        ("2026-12-31", "2030-12-30"),
    ],
)
async def test_2_1_3_a_work_relation_lasts_at_most_four_years(api: AccessManagerApi, first: str, last: str):
    await travel_to("2026-11-23")
    stranger = await api.cast.a_stranger()
    day_after = (date.fromisoformat(last) + timedelta(days=1)).isoformat()
    formatted = f"{last[8:]}.{last[5:7]}.{last[:4]}"
    async with assert_tables_unchanged():
        payload = await api.create_work_relation(stranger.id, who="legal", validFrom=first, validUntil=day_after)
    assert payload["errors"] == [
        {
            "code": "INVALID",
            "refusal": "WORK_RELATION_TOO_LONG",
            "path": ["validUntil"],
            "message": f"A work relation lasts at most 4 years: until {formatted}.",
        }
    ]
    relation = await api.created_work_relation(stranger.id, who="legal", validFrom=first, validUntil=last)
    assert (relation["validFrom"], relation["validUntil"]) == (first, last)


async def test_2_1_3_an_expired_work_relation_is_extended_by_a_new_last_day(api: AccessManagerApi):
    first = await rows.today()
    last = four_years_from(first)
    stranger = await api.cast.a_stranger()
    relation = await api.created_work_relation(stranger.id, who="legal", validUntil=last.isoformat())
    assert (await api.grant_access_right(relation["id"], "USER", who="legal"))["errors"] == []
    person = Actor(user_id=stranger.id)

    await travel_to(last)
    assert await api.viewer_roles(person) == ["USER"]
    await travel_to(last + timedelta(days=1))
    assert await api.viewer_roles(person) is None
    new_last_day = four_years_from(last + timedelta(days=1))
    extension = {"id": relation["id"], "version": relation["version"], "validUntil": new_last_day.isoformat()}
    extended = await api.execute_successfully("legal", "updateWorkRelation", RELATION, **extension)

    # The new period begins on the day of the extension, and the gap remains in the history.
    assert (extended["validFrom"], extended["validUntil"]) == (
        (last + timedelta(days=1)).isoformat(),
        extension["validUntil"],
    )
    assert await api.viewer_roles(person) == ["USER"]


async def test_2_1_3_phone_and_email_are_set_changed_and_emptied(api: AccessManagerApi):
    stranger = await api.cast.a_stranger()
    relation = await api.created_work_relation(stranger.id, phone="02/553.17.00", email="bram@aannemer.example")
    assert (relation["phone"], relation["email"]) == ("+32 2 553 17 00", "bram@aannemer.example")
    change = {
        "id": relation["id"],
        "version": relation["version"],
        "phone": "0470 12 34 56",
        "email": "b.claes@aannemer.example",
    }
    changed = await api.execute_successfully("main-manager", "updateWorkRelation", RELATION, **change)
    assert (changed["phone"], changed["email"]) == ("+32 470 12 34 56", "b.claes@aannemer.example")
    emptying = {"id": relation["id"], "version": changed["version"], "phone": None, "email": None}
    changed = await api.execute_successfully("main-manager", "updateWorkRelation", RELATION, **emptying)
    assert (changed["phone"], changed["email"]) == (None, None)


async def test_2_1_3_the_user_is_warned_at_their_current_address_before_the_right_expires(api: AccessManagerApi):
    await travel_to("2027-06-01")
    stranger = await api.cast.a_stranger()
    relation = await api.created_work_relation(
        stranger.id, who="legal", validUntil="2027-12-31", email="oud@aannemer.example"
    )
    assert (await api.grant_access_right(relation["id"], "USER", who="legal"))["errors"] == []
    granted_at = datetime(2027, 6, 1, 12, tzinfo=UTC)
    await AccessRight.filter(work_relation__user_id=stranger.id).update(granted_at=granted_at)
    change = {"id": relation["id"], "version": relation["version"], "email": "nieuw@aannemer.example"}
    await api.execute_successfully("legal", "updateWorkRelation", RELATION, **change)

    for day, days_before in (("2027-11-30", None), ("2027-12-01", 30), ("2027-12-24", 7), ("2027-12-30", 1)):
        await travel_to(day)
        await write_expiry_warnings()
        letter = await Letter.filter(kind=LetterKind.RIGHT_EXPIRES).order_by("-id").first()
        warning = (
            (letter.days_before, [delivery.address for delivery in await Delivery.filter(letter=letter)])
            if letter
            else (None, [])
        )
        assert warning == (days_before, ["nieuw@aannemer.example"] if days_before else [])


# 2.1.4 Gebruikersrecht toekennen


async def test_2_1_4_a_right_needs_a_work_relation(api: AccessManagerApi):
    stranger = await api.cast.a_stranger()
    async with assert_tables_unchanged():
        payload = await api.grant_access_right(id_of(stranger), "USER")
    assert [(error["code"], error["path"]) for error in payload["errors"]] == [("NOT_FOUND", ["workRelationId"])]
    relation = await api.created_work_relation(stranger.id)
    document = "query($id: ID!) { node(id: $id) { ... on WorkRelation { right { id } viewerCan } } }"
    node = (await read(api.actor("manager"), document, id=relation["id"]))["node"]
    assert node == {"right": None, "viewerCan": ["MANAGE_ACCESS"]}
    assert (await api.grant_access_right(relation["id"], "USER"))["errors"] == []


async def test_2_1_4_a_beheerder_reads_every_contract_changes_its_reference_and_links_groups(api: AccessManagerApi):
    beheerder = await api.create_employee("ADMINISTRATOR")
    contracts = [await rows.a_contract(api.organisation) for _ in range(2)]
    document = "query($id: ID!) { node(id: $id) { ... on Contract { title viewerCan } } }"
    for contract in contracts:
        node = (await read(beheerder, document, id=id_of(contract)))["node"]
        assert node == {"title": contract.title, "viewerCan": ["ADMINISTER", "UPDATE"]}
    change = {"id": id_of(contracts[0]), "version": 1, "ownReference": "Werf 12"}
    changed = await api.execute_successfully(beheerder, "updateContract", "contract { ownReference version }", **change)
    assert changed == {"ownReference": "Werf 12", "version": 2}
    group = await rows.a_group(api.organisation, levels={"INVOICING": DocumentLevel.READ})
    member = await rows.a_membership(group)
    selection = {"contractId": id_of(contracts[1]), "version": 1, "groupIds": [id_of(group)]}
    await api.execute_successfully(beheerder, "setContractGroups", "contract { version }", **selection)
    assert (await read(Actor(user_id=member.user_id), document, id=id_of(contracts[1])))["node"]


async def test_2_1_4_a_gebruiker_sends_documents_of_the_contracts_that_their_groups_open(api: AccessManagerApi):
    gebruiker = await api.create_employee("USER")
    relation = await WorkRelation.get(user_id=gebruiker.user_id)
    contract, other_contract = await rows.a_contract(api.organisation), await rows.a_contract(api.organisation)
    group = await rows.a_group(api.organisation, levels={"INVOICING": DocumentLevel.SEND})
    await rows.a_membership(group, relation)
    await rows.a_link(contract, group)
    draft = {"themeCode": "INVOICING", "title": "Vorderingsstaat 1"}
    drafted = await api.execute_successfully(
        gebruiker, "draftDocument", "document { id version }", contractId=id_of(contract), **draft
    )
    assert await api.execute_successfully(gebruiker, "sendDocument", "document { status }", **drafted) == {
        "status": "SENT"
    }
    async with assert_tables_unchanged():
        payload = await api.execute_mutation(
            gebruiker, "draftDocument", "document { id }", contractId=id_of(other_contract), **draft
        )
    assert [(error["code"], error["path"]) for error in payload["errors"]] == [("NOT_FOUND", ["contractId"])]


@pytest.mark.parametrize("roles", [["ADMINISTRATOR"], ["USER"], ["ADMINISTRATOR", "USER"]])
async def test_2_1_4_a_right_has_one_role_or_both(api: AccessManagerApi, roles: list[str]):
    employee = await api.create_employee(*roles)
    assert await api.viewer_roles(employee) == roles


async def test_2_1_4_roles_are_changed_but_never_to_none(api: AccessManagerApi):
    employee = await api.create_employee("ADMINISTRATOR")
    right = await AccessRight.get(work_relation__user_id=employee.user_id)
    for version, roles in enumerate((["ADMINISTRATOR", "USER"], ["USER"], ["ADMINISTRATOR"]), 1):
        change = {"id": id_of(right), "version": version, "roles": roles, "reason": "Andere functie"}
        assert (await api.execute_successfully("manager", "changeAccessRight", RIGHT, **change))["roles"] == roles
        assert await api.viewer_roles(employee) == roles
    change = {"id": id_of(right), "version": 4, "roles": [], "reason": "Andere functie"}
    async with assert_tables_unchanged():
        payload = await api.execute_mutation("manager", "changeAccessRight", RIGHT, **change)
    assert [(error["code"], error["path"]) for error in payload["errors"]] == [("REQUIRED", ["roles"])]


async def test_2_1_4_a_right_needs_a_role_and_a_reason(api: AccessManagerApi):
    relation = id_of(await api.cast.a_colleague())
    for roles, reason, path in (([], "Werf", ["roles"]), (["USER"], " ", ["reason"])):
        async with assert_tables_unchanged():
            payload = await api.grant_access_right(relation, *roles, reason=reason)
        assert [(error["code"], error["path"]) for error in payload["errors"]] == [("REQUIRED", path)]
    right = (await api.grant_access_right(relation, "USER", reason="Volgt werf A12 op"))["right"]
    assert right["reason"] == "Volgt werf A12 op"


async def test_2_1_4_contracts_are_opened_by_groups_and_not_by_the_right(api: AccessManagerApi):
    gebruiker = await api.create_employee("USER")
    viewed = await api.viewer_organisation(gebruiker)
    assert viewed
    assert viewed["organisation"]["contracts"]["edges"] == []
    contract = await Contract.get(organisation_id=api.organisation.id)
    group = await rows.a_group(api.organisation)
    await rows.a_membership(group, await WorkRelation.get(user_id=gebruiker.user_id))
    selection = {"contractId": id_of(contract), "version": 1, "groupIds": [id_of(group)]}
    await api.execute_successfully("admin", "setContractGroups", "contract { version }", **selection)
    viewed = await api.viewer_organisation(gebruiker)
    assert viewed
    assert viewed["organisation"]["contracts"]["edges"] == [{"node": {"id": id_of(contract)}}]
