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


async def appoint(api: AccessManagerApi, who: str, relation: WorkRelation, kind: str) -> list[str]:
    """The codes of what was refused."""
    given = {"userId": global_id("User", relation.user_id), "kind": kind}
    answer = await api.execute_mutation(who, "appointAccessManager", MANDATE, **api.organisation_input | given)
    return [error["code"] for error in answer["errors"]]


# 2 Toegang


async def test_2_not_everyone_has_access_the_right_rights_must_be_granted(api: AccessManagerApi):
    colleague = await api.cast.a_colleague()
    somebody = api.cast.actor_of(colleague)
    assert await api.viewer_roles(somebody) is None
    assert await api.cast.contracts_of(colleague) == []
    assert (await api.grant_access_right(id_of(colleague), "ADMINISTRATOR"))["errors"] == []
    assert await api.viewer_roles(somebody) == ["ADMINISTRATOR"]


async def test_2_an_organisation_is_known_by_its_unique_enterprise_number(api: AccessManagerApi):
    digits = api.organisation.enterprise_number
    shown = f"{digits[:4]}.{digits[4:7]}.{digits[7:]}"
    document = "query($n: EnterpriseNumber!) { organisation(enterpriseNumber: $n) { id enterpriseNumber } }"
    for written in (digits, shown, f"BE {shown}", f"be{digits}", f" {digits[:4]} {digits[4:7]} {digits[7:]} "):
        found = await read(api.actor("legal"), document, n=written)
        assert found["organisation"] == {"id": id_of(api.organisation), "enterpriseNumber": shown}


async def test_2_a_legal_representative_has_access_automatically(api: AccessManagerApi):
    assert not await WorkRelation.filter(user_id=api.cast.people["legal"].id).exists()
    found = await api.viewer_organisation("legal")
    assert found
    assert (found["roles"], found["mandates"]) == (["ADMINISTRATOR"], ["LEGAL_REPRESENTATIVE"])
    own = await Contract.filter(organisation_id=api.organisation.id)
    assert [edge["node"]["id"] for edge in found["organisation"]["contracts"]["edges"]] == [id_of(one) for one in own]


async def test_2_a_legal_representative_manages_the_rights_automatically(api: AccessManagerApi):
    found = await api.viewer_organisation("legal")
    assert found
    abilities = ["MANAGE_ACCESS", "APPOINT_MAIN_ACCESS_MANAGER", "APPOINT_ACCESS_MANAGER", "ADMINISTER"]
    assert found["organisation"]["viewerCan"] == abilities


async def test_2_a_legal_representative_can_do_it_all_alone(api: AccessManagerApi):
    await (
        AccessMandate.exclude(kind=AccessMandateKind.LEGAL_REPRESENTATIVE)
        .filter(organisation_id=api.organisation.id)
        .update(ended_at=await rows.now(), end_reason="Weg")
    )
    stranger = await api.cast.a_stranger()
    relation = await api.created_work_relation(stranger.id, who="legal")
    assert (await api.grant_access_right(relation["id"], "USER", who="legal"))["errors"] == []


async def test_2_or_name_a_main_access_manager_who_shares_the_task(api: AccessManagerApi):
    colleague = await api.cast.a_colleague()
    mandate = {"id": id_of(api.cast.mandates["main-manager"]), "reason": "Andere functie"}
    await api.execute_successfully("legal", "dismissAccessManager", MANDATE, **mandate)
    assert await appoint(api, "legal", colleague, "MAIN_ACCESS_MANAGER") == []
    found = await api.viewer_organisation(api.cast.actor_of(colleague))
    assert found
    assert (found["roles"], found["mandates"]) == ([], ["MAIN_ACCESS_MANAGER"])
    assert found["organisation"]["viewerCan"] == ["MANAGE_ACCESS", "APPOINT_ACCESS_MANAGER"]


@pytest.mark.parametrize("who", ["legal", "main-manager"])
async def test_2_legal_representative_and_main_access_manager_appoint_one_or_several_access_managers(
    api: AccessManagerApi, who: str
):
    for _ in range(2):
        colleague = await api.cast.a_colleague()
        assert await appoint(api, who, colleague, "ACCESS_MANAGER") == []
        found = await api.viewer_organisation(api.cast.actor_of(colleague))
        assert found
        assert found["organisation"]["viewerCan"] == ["MANAGE_ACCESS"]


async def test_2_an_access_manager_appoints_nobody(api: AccessManagerApi):
    colleague = await api.cast.a_colleague()
    async with assert_tables_unchanged():
        assert await appoint(api, "manager", colleague, "ACCESS_MANAGER") == ["FORBIDDEN"]


async def test_2_the_authority_never_sees_who_sent_a_document(api: AccessManagerApi):
    contract = await Contract.get(organisation_id=api.organisation.id).select_related("contracting_authority")
    group = await rows.a_group(api.organisation, levels={"INVOICING": DocumentLevel.SEND})
    await rows.a_link(contract, group)
    sender = Actor(user_id=(await rows.a_membership(group)).user_id)
    draft = {"contractId": id_of(contract), "themeCode": "INVOICING", "title": "Vorderingsstaat 1"}
    made = await api.execute_successfully(sender, "draftDocument", "document { id version }", **draft)
    await api.execute_successfully(sender, "sendDocument", "document { status }", **made)

    document = "query($id: ID!) { node(id: $id) { ... on Document { title sentAt sentBy { fullName } } } }"
    seen = (await read(machine(contract.contracting_authority), document, id=made["id"]))["node"]
    assert (seen["title"], seen["sentBy"]) == ("Vorderingsstaat 1", None)
    assert seen["sentAt"] is not None
    inside = (await read(sender, document, id=made["id"]))["node"]
    assert inside["sentBy"] == {"fullName": (await User.get(id=sender.user_id)).full_name}


async def test_2_only_people_who_may_can_send_a_document(api: AccessManagerApi):
    contract = await Contract.get(organisation_id=api.organisation.id)
    group = await rows.a_group(api.organisation, levels={"INVOICING": DocumentLevel.DRAFT})
    await rows.a_link(contract, group)
    drafter = Actor(user_id=(await rows.a_membership(group)).user_id)
    draft = {"contractId": id_of(contract), "themeCode": "INVOICING", "title": "Vorderingsstaat 1"}
    made = await api.execute_successfully(drafter, "draftDocument", "document { id version }", **draft)
    for who, code in ((drafter, "FORBIDDEN"), ("admin", "FORBIDDEN"), ("user", "NOT_FOUND"), ("legal", "FORBIDDEN")):
        async with assert_tables_unchanged():
            answer = await api.execute_mutation(who, "sendDocument", "document { status }", **made)
        assert [error["code"] for error in answer["errors"]] == [code]


# 2.1 Hoe ken ik als (hoofd)toegangsbeheerder een gebruikersrecht toe?


@pytest.mark.parametrize("who", MANAGERS)
async def test_2_1_each_of_the_three_grants_rights_to_people_of_their_own_organisation(api: AccessManagerApi, who: str):
    assert (await api.grant_access_right(id_of(await api.cast.a_colleague()), "USER", who=who))["errors"] == []
    elsewhere = await rows.a_work_relation()
    async with assert_tables_unchanged():
        answer = await api.grant_access_right(id_of(elsewhere), "USER", who=who)
    assert [(error["code"], error["path"]) for error in answer["errors"]] == [("NOT_FOUND", ["workRelationId"])]


async def test_2_1_there_are_two_ways_to_a_right_by_number_and_by_link(api: AccessManagerApi):
    by_number = await api.create_employee("USER")
    applicant = Actor(user_id=(await rows.a_user()).id)
    task = await api.requested_task(applicant)
    today = (await rows.today()).isoformat()
    given = {"id": task["id"], "roles": ["USER"], "validFrom": today, "validUntil": today}
    await api.execute_successfully("manager", "approveSelfRegistration", RIGHT, **given)
    assert [await api.viewer_roles(one) for one in (by_number, applicant)] == [["USER"], ["USER"]]


# 2.1.1 Aanmelden bij het Gebruikersbeheer


async def test_2_1_1_people_are_added_only_once_one_has_signed_in(api: AccessManagerApi):
    await a_registered_person(NUMBER)
    document = "mutation($input: AddPersonInput!) { addPerson(input: $input) { user { id } errors { code } } }"
    given = api.organisation_input | {"nationalNumber": NUMBER}
    async with assert_tables_unchanged():
        assert (await execute_operation(api.actor("nobody"), document, input=given)).codes == ["UNAUTHENTICATED"]
    for who in MANAGERS:
        found = await api.viewer_organisation(who)
        assert found
        assert "MANAGE_ACCESS" in found["organisation"]["viewerCan"]
        assert (await read(api.actor(who), document, input=given))["addPerson"]["errors"] == []


# 2.1.2 Medewerkers toevoegen


async def test_2_1_2_a_person_is_added_first_and_tied_to_the_organisation_then(api: AccessManagerApi):
    unknown = await rows.a_user()
    async with assert_tables_unchanged():
        answer = await api.create_work_relation(unknown.id)
    assert [(error["code"], error["path"]) for error in answer["errors"]] == [("NOT_FOUND", ["userId"])]
    await rows.an_introduction(api.organisation, unknown)
    assert (await api.create_work_relation(unknown.id))["errors"] == []


async def test_2_1_2_a_person_is_found_by_number_and_names_and_birth_date_fill_themselves_in(api: AccessManagerApi):
    await a_registered_person(NUMBER, given_name="An", family_name="Peeters")
    for written in (NUMBER, "85.07.30-033.28", "85 07 30 033 28"):
        told = await api.execute_successfully(
            "manager", "lookUpPerson", PERSON, **api.organisation_input, nationalNumber=written
        )
        assert told == {
            "givenName": "An",
            "familyName": "Peeters",
            "birthDate": "1985-07-30",
            "maskedNationalNumber": "85.07.30-***.**",
        }


async def test_2_1_2_the_number_is_handled_with_care(api: AccessManagerApi):
    await a_registered_person(NUMBER)
    answers = [
        await api.execute_mutation("manager", mutation, selection, **api.organisation_input, nationalNumber=written)
        for mutation, selection in (("lookUpPerson", PERSON), ("addPerson", "user { id maskedNationalNumber }"))
        for written in (NUMBER, "85.07.30-033.28", NUMBER[:-1] + "9")
    ]
    told = json.dumps(answers)
    assert not any(piece in told for piece in (NUMBER, "033.28", "03328", NUMBER[:-1] + "9"))


async def test_2_1_2_what_else_is_filled_in_is_optional(api: AccessManagerApi):
    await a_registered_person(NUMBER)
    await a_registered_person(ANOTHER)
    for number, given, kept in ((NUMBER, {}, None), (ANOTHER, {"language": "FR"}, "FR")):
        asked = api.organisation_input | {"nationalNumber": number} | given
        assert await api.execute_successfully("manager", "addPerson", "user { language }", **asked) == {
            "language": kept
        }


async def test_2_1_2_an_overview_is_given_and_only_the_confirmation_adds_the_person(api: AccessManagerApi):
    await a_registered_person(NUMBER, given_name="An", family_name="Peeters")
    people = await User.all().count()
    await api.execute_successfully("manager", "lookUpPerson", PERSON, **api.organisation_input, nationalNumber=NUMBER)
    assert await User.all().count() == people
    added = await api.execute_successfully(
        "manager", "addPerson", "user { id givenName }", **api.organisation_input, nationalNumber=NUMBER
    )
    assert await User.all().count() == people + 1
    again = await api.execute_successfully(
        "manager", "addPerson", "user { id givenName }", **api.organisation_input, nationalNumber=NUMBER
    )
    assert again == added
    assert await User.all().count() == people + 1


async def test_2_1_2_after_that_the_person_must_still_be_tied_to_the_organisation(api: AccessManagerApi):
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


async def test_2_1_3_a_right_is_always_in_the_name_of_one_organisation(api: AccessManagerApi):
    employee = await api.create_employee("ADMINISTRATOR")
    other = await rows.an_organisation()
    await rows.a_work_relation(await User.get(id=employee.user_id), other)
    found = (await read(employee, "{ viewer { organisations { organisation { id } roles } } }"))["viewer"]
    assert found == {"organisations": [{"organisation": {"id": id_of(api.organisation)}, "roles": ["ADMINISTRATOR"]}]}


@pytest.mark.parametrize("who", MANAGERS)
async def test_2_1_3_people_are_tied_to_ones_own_organisation(api: AccessManagerApi, who: str):
    stranger, other = await api.cast.a_stranger(), await rows.an_organisation()
    async with assert_tables_unchanged():
        answer = await api.create_work_relation(stranger.id, who=who, organisationId=id_of(other))
    assert [(error["code"], error["path"]) for error in answer["errors"]] == [("NOT_FOUND", ["organisationId"])]
    made = await api.created_work_relation(stranger.id, who=who)
    document = "query($id: ID!) { node(id: $id) { ... on WorkRelation { organisation { id } } } }"
    assert (await read(api.actor(who), document, id=made["id"]))["node"] == {
        "organisation": {"id": id_of(api.organisation)}
    }


async def test_2_1_3_the_category_is_permanent_unless_it_is_changed(api: AccessManagerApi):
    assert (await api.created_work_relation((await api.cast.a_stranger()).id))["category"] == "PERMANENT"
    for category in ("EXTERNAL", "DELEGATED", "PERMANENT"):
        made = await api.created_work_relation((await api.cast.a_stranger()).id, category=category)
        assert made["category"] == category


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
async def test_2_1_3_first_and_last_day_are_given_and_four_years_are_the_most(
    api: AccessManagerApi, first: str, last: str
):
    await travel_to("2026-11-23")
    stranger = await api.cast.a_stranger()
    one_more = (date.fromisoformat(last) + timedelta(days=1)).isoformat()
    shown = f"{last[8:]}.{last[5:7]}.{last[:4]}"
    async with assert_tables_unchanged():
        answer = await api.create_work_relation(stranger.id, who="legal", validFrom=first, validUntil=one_more)
    assert answer["errors"] == [
        {
            "code": "INVALID",
            "refusal": "WORK_RELATION_TOO_LONG",
            "path": ["validUntil"],
            "message": f"A work relation lasts at most 4 years: until {shown}.",
        }
    ]
    made = await api.created_work_relation(stranger.id, who="legal", validFrom=first, validUntil=last)
    assert (made["validFrom"], made["validUntil"]) == (first, last)


async def test_2_1_3_after_four_years_it_is_extended_by_a_new_last_day(api: AccessManagerApi):
    first = await rows.today()
    last = four_years_from(first)
    stranger = await api.cast.a_stranger()
    made = await api.created_work_relation(stranger.id, who="legal", validUntil=last.isoformat())
    assert (await api.grant_access_right(made["id"], "USER", who="legal"))["errors"] == []
    person = Actor(user_id=stranger.id)

    await travel_to(last)
    assert await api.viewer_roles(person) == ["USER"]
    await travel_to(last + timedelta(days=1))
    assert await api.viewer_roles(person) is None
    again = four_years_from(last + timedelta(days=1))
    given = {"id": made["id"], "version": made["version"], "validUntil": again.isoformat()}
    extended = await api.execute_successfully("legal", "updateWorkRelation", RELATION, **given)

    # The gap stays in history: the new period begins on the day of the extension.
    assert (extended["validFrom"], extended["validUntil"]) == (
        (last + timedelta(days=1)).isoformat(),
        given["validUntil"],
    )
    assert await api.viewer_roles(person) == ["USER"]


async def test_2_1_3_phone_and_email_are_filled_in_and_kept_up_to_date(api: AccessManagerApi):
    stranger = await api.cast.a_stranger()
    made = await api.created_work_relation(stranger.id, phone="02/553.17.00", email="bram@aannemer.example")
    assert (made["phone"], made["email"]) == ("+32 2 553 17 00", "bram@aannemer.example")
    given = {
        "id": made["id"],
        "version": made["version"],
        "phone": "0470 12 34 56",
        "email": "b.claes@aannemer.example",
    }
    changed = await api.execute_successfully("main-manager", "updateWorkRelation", RELATION, **given)
    assert (changed["phone"], changed["email"]) == ("+32 470 12 34 56", "b.claes@aannemer.example")
    emptied = {"id": made["id"], "version": changed["version"], "phone": None, "email": None}
    changed = await api.execute_successfully("main-manager", "updateWorkRelation", RELATION, **emptied)
    assert (changed["phone"], changed["email"]) == (None, None)


async def test_2_1_3_the_user_is_warned_at_the_address_of_today_that_the_right_expires(api: AccessManagerApi):
    await travel_to("2027-06-01")
    stranger = await api.cast.a_stranger()
    made = await api.created_work_relation(
        stranger.id, who="legal", validUntil="2027-12-31", email="oud@aannemer.example"
    )
    assert (await api.grant_access_right(made["id"], "USER", who="legal"))["errors"] == []
    granted = datetime(2027, 6, 1, 12, tzinfo=UTC)
    await AccessRight.filter(work_relation__user_id=stranger.id).update(granted_at=granted)
    given = {"id": made["id"], "version": made["version"], "email": "nieuw@aannemer.example"}
    await api.execute_successfully("legal", "updateWorkRelation", RELATION, **given)

    for day, before in (("2027-11-30", None), ("2027-12-01", 30), ("2027-12-24", 7), ("2027-12-30", 1)):
        await travel_to(day)
        await write_expiry_warnings()
        letter = await Letter.filter(kind=LetterKind.RIGHT_EXPIRES).order_by("-id").first()
        told = (
            (letter.days_before, [each.address for each in await Delivery.filter(letter=letter)])
            if letter
            else (None, [])
        )
        assert told == (before, ["nieuw@aannemer.example"] if before else [])


# 2.1.4 Gebruikersrecht toekennen


async def test_2_1_4_the_work_relation_comes_before_the_right(api: AccessManagerApi):
    stranger = await api.cast.a_stranger()
    async with assert_tables_unchanged():
        answer = await api.grant_access_right(id_of(stranger), "USER")
    assert [(error["code"], error["path"]) for error in answer["errors"]] == [("NOT_FOUND", ["workRelationId"])]
    made = await api.created_work_relation(stranger.id)
    document = "query($id: ID!) { node(id: $id) { ... on WorkRelation { right { id } viewerCan } } }"
    button = (await read(api.actor("manager"), document, id=made["id"]))["node"]
    assert button == {"right": None, "viewerCan": ["MANAGE_ACCESS"]}
    assert (await api.grant_access_right(made["id"], "USER"))["errors"] == []


async def test_2_1_4_a_beheerder_reads_every_contract_changes_limited_data_and_gives_access(api: AccessManagerApi):
    beheerder = await api.create_employee("ADMINISTRATOR")
    contracts = [await rows.a_contract(api.organisation) for _ in range(2)]
    document = "query($id: ID!) { node(id: $id) { ... on Contract { title viewerCan } } }"
    for contract in contracts:
        seen = (await read(beheerder, document, id=id_of(contract)))["node"]
        assert seen == {"title": contract.title, "viewerCan": ["ADMINISTER", "UPDATE"]}
    given = {"id": id_of(contracts[0]), "version": 1, "ownReference": "Werf 12"}
    changed = await api.execute_successfully(beheerder, "updateContract", "contract { ownReference version }", **given)
    assert changed == {"ownReference": "Werf 12", "version": 2}
    group = await rows.a_group(api.organisation, levels={"INVOICING": DocumentLevel.READ})
    member = await rows.a_membership(group)
    linked = {"contractId": id_of(contracts[1]), "version": 1, "groupIds": [id_of(group)]}
    await api.execute_successfully(beheerder, "setContractGroups", "contract { version }", **linked)
    assert (await read(Actor(user_id=member.user_id), document, id=id_of(contracts[1])))["node"]


async def test_2_1_4_a_gebruiker_acts_on_documents_of_the_contracts_that_were_opened_to_them(api: AccessManagerApi):
    gebruiker = await api.create_employee("USER")
    relation = await WorkRelation.get(user_id=gebruiker.user_id)
    contract, closed = await rows.a_contract(api.organisation), await rows.a_contract(api.organisation)
    group = await rows.a_group(api.organisation, levels={"INVOICING": DocumentLevel.SEND})
    await rows.a_membership(group, relation)
    await rows.a_link(contract, group)
    draft = {"themeCode": "INVOICING", "title": "Vorderingsstaat 1"}
    made = await api.execute_successfully(
        gebruiker, "draftDocument", "document { id version }", contractId=id_of(contract), **draft
    )
    assert await api.execute_successfully(gebruiker, "sendDocument", "document { status }", **made) == {
        "status": "SENT"
    }
    async with assert_tables_unchanged():
        refused = await api.execute_mutation(
            gebruiker, "draftDocument", "document { id }", contractId=id_of(closed), **draft
        )
    assert [(error["code"], error["path"]) for error in refused["errors"]] == [("NOT_FOUND", ["contractId"])]


@pytest.mark.parametrize("roles", [["ADMINISTRATOR"], ["USER"], ["ADMINISTRATOR", "USER"]])
async def test_2_1_4_one_role_is_chosen_or_both_and_the_person_has_access_with_those(
    api: AccessManagerApi, roles: list[str]
):
    employee = await api.create_employee(*roles)
    assert await api.viewer_roles(employee) == roles


async def test_2_1_4_roles_are_selected_and_deselected(api: AccessManagerApi):
    employee = await api.create_employee("ADMINISTRATOR")
    right = await AccessRight.get(work_relation__user_id=employee.user_id)
    for version, roles in enumerate((["ADMINISTRATOR", "USER"], ["USER"], ["ADMINISTRATOR"]), 1):
        given = {"id": id_of(right), "version": version, "roles": roles, "reason": "Andere functie"}
        assert (await api.execute_successfully("manager", "changeAccessRight", RIGHT, **given))["roles"] == roles
        assert await api.viewer_roles(employee) == roles
    given = {"id": id_of(right), "version": 4, "roles": [], "reason": "Andere functie"}
    async with assert_tables_unchanged():
        answer = await api.execute_mutation("manager", "changeAccessRight", RIGHT, **given)
    assert [(error["code"], error["path"]) for error in answer["errors"]] == [("REQUIRED", ["roles"])]


async def test_2_1_4_at_least_one_role_and_a_reason_are_filled_in(api: AccessManagerApi):
    relation = id_of(await api.cast.a_colleague())
    for roles, reason, path in (([], "Werf", ["roles"]), (["USER"], " ", ["reason"])):
        async with assert_tables_unchanged():
            answer = await api.grant_access_right(relation, *roles, reason=reason)
        assert [(error["code"], error["path"]) for error in answer["errors"]] == [("REQUIRED", path)]
    right = (await api.grant_access_right(relation, "USER", reason="Volgt werf A12 op"))["right"]
    assert right["reason"] == "Volgt werf A12 op"


async def test_2_1_4_the_right_does_not_open_the_contracts_groups_do(api: AccessManagerApi):
    gebruiker = await api.create_employee("USER")
    found = await api.viewer_organisation(gebruiker)
    assert found
    assert found["organisation"]["contracts"]["edges"] == []
    contract = await Contract.get(organisation_id=api.organisation.id)
    group = await rows.a_group(api.organisation)
    await rows.a_membership(group, await WorkRelation.get(user_id=gebruiker.user_id))
    linked = {"contractId": id_of(contract), "version": 1, "groupIds": [id_of(group)]}
    await api.execute_successfully("admin", "setContractGroups", "contract { version }", **linked)
    found = await api.viewer_organisation(gebruiker)
    assert found
    assert found["organisation"]["contracts"]["edges"] == [{"node": {"id": id_of(contract)}}]
