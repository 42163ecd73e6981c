"""Filters and searches of lists: a search is taken literally, without wildcards."""

from datetime import timedelta
from typing import Any

import pytest

from domain.actor import Actor
from domain.models import Contract, DocumentLevel, Organisation, Role
from gql.reading.ids import global_id
from tests import rows
from tests.gql.execution import execute_operation, machine, person, read

pytestmark = pytest.mark.usefixtures("database")

CONTRACTS = """query($id: ID!, $filter: ContractFilter) { node(id: $id) { ... on Organisation {
  contracts(filter: $filter) { totalCount edges { node { title } } } } } }"""
TITLES = ["Brug 100%", "Brug_werf", "Été à l'Écluse", 'De "Kaai" \\ Oost', "STRASSE"]


async def administrator(organisation: Organisation) -> Actor:
    return person((await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)).user_id)


async def titles_of_contracts(actor: Actor, organisation: Organisation, **contract_filter: Any) -> list[str]:
    data = await read(actor, CONTRACTS, id=global_id("Organisation", organisation.id), filter=contract_filter)
    contracts = data["node"]["contracts"]
    titles = sorted(edge["node"]["title"] for edge in contracts["edges"])
    assert contracts["totalCount"] == len(titles)
    return titles


@pytest.mark.parametrize(
    ("search", "titles"),
    [
        ("", TITLES),
        ("brug", ["Brug 100%", "Brug_werf"]),
        ("BRUG", ["Brug 100%", "Brug_werf"]),
        ("%", ["Brug 100%"]),
        ("_", ["Brug_werf"]),
        ("g_w", ["Brug_werf"]),
        ("g%w", []),
        ("été", ["Été à l'Écluse"]),
        ("ÉCLUSE", ["Été à l'Écluse"]),
        ("ecluse", ["Été à l'Écluse"]),
        ("E\u0301te\u0301 a\u0300", ["Été à l'Écluse"]),
        ("brüg", ["Brug 100%", "Brug_werf"]),
        ("l\u2019écluse", ["Été à l'Écluse"]),
        ("straße", ["STRASSE"]),
        ("l'é", ["Été à l'Écluse"]),
        ('"kaai" \\', ['De "Kaai" \\ Oost']),
        ("\\", ['De "Kaai" \\ Oost']),
        ("'; drop table contract; --", []),
        ("mow/7", ["STRASSE"]),
        ("werf 9", ["Brug 100%"]),
        ("🚧", []),
    ],
)
async def test_contracts_are_searched_by_number_title_and_own_reference(search: str, titles: list[str]):
    organisation = await rows.an_organisation()
    numbers = ["MOW/1", "MOW/2", "MOW/3", "MOW/4", "MOW/7"]
    for title, number in zip(TITLES, numbers, strict=True):
        reference = "Werf 9" if title == "Brug 100%" else None
        await rows.a_contract(organisation, title=title, number=number, own_reference=reference)

    assert await titles_of_contracts(await administrator(organisation), organisation, search=search) == sorted(titles)


async def test_a_search_of_the_authority_ignores_own_references():
    authority = await rows.an_authority()
    await rows.a_contract(contracting_authority=authority, title="Sluis", own_reference="geheim")

    assert await titles_of_contracts(machine(authority), authority, search="geheim") == []
    assert await titles_of_contracts(machine(authority), authority, search="sluis") == ["Sluis"]


@pytest.mark.parametrize("search", ["\0", "brug\0", "\ud800", "a\udfff"])
async def test_a_search_that_postgresql_cannot_store_is_refused(search: str):
    organisation = await rows.an_organisation()
    variables: dict[str, Any] = {"id": global_id("Organisation", organisation.id), "filter": {"search": search}}

    result = await execute_operation(await administrator(organisation), CONTRACTS, **variables)

    assert result.codes == ["BAD_INPUT"]


async def test_contracts_are_filtered_by_type_and_group():
    organisation = await rows.an_organisation()
    viewer = await administrator(organisation)
    link = await rows.a_link(await rows.a_contract(organisation, title="Gekoppeld"))
    await rows.a_link(
        await rows.a_contract(organisation, title="Ontkoppeld"),
        await link.group,
        ended_at=await rows.now(),
    )
    await rows.a_contract(organisation, title="Verlengbaar", type_code="EXTENDABLE_CONTRACT")
    foreign = await rows.a_link()

    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"groupId": global_id("Group", link.group_id)}, ["Gekoppeld"]),
        ({"groupId": global_id("Group", link.group_id), "typeCode": "EXTENDABLE_CONTRACT"}, []),
        ({"groupId": global_id("Contract", link.group_id)}, []),
        ({"groupId": global_id("Group", foreign.group_id)}, []),
        ({"groupId": "rubbish"}, []),
        ({"typeCode": "EXTENDABLE_CONTRACT"}, ["Verlengbaar"]),
        ({"typeCode": "extendable_contract"}, []),
        ({"typeCode": "UNKNOWN"}, []),
        ({"typeCode": None, "search": None}, ["Gekoppeld", "Ontkoppeld", "Verlengbaar"]),
    ]
    assert [await titles_of_contracts(viewer, organisation, **contract_filter) for contract_filter, _ in cases] == [
        titles for _, titles in cases
    ]


async def test_contracts_are_filtered_by_number_and_by_whether_they_ended():
    organisation = await rows.an_organisation()
    await rows.a_contract(organisation, title="Brug", number="MOW/1")
    await rows.a_contract(organisation, title="Sluis", number="MOW/12", ended_at=await rows.now())
    await rows.a_contract(organisation, title="MOW/1 herhaald", number="MOW/2")
    viewer = await administrator(organisation)

    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"number": "MOW/1"}, ["Brug"]),
        ({"number": "MOW/12", "ended": True}, ["Sluis"]),
        ({"number": "MOW/12", "ended": False}, []),
        ({"number": "mow/1"}, []),
        ({"ended": False}, ["Brug", "MOW/1 herhaald"]),
        ({"ended": None, "number": None}, ["Brug", "MOW/1 herhaald", "Sluis"]),
    ]
    assert [await titles_of_contracts(viewer, organisation, **contract_filter) for contract_filter, _ in cases] == [
        titles for _, titles in cases
    ]


async def test_only_the_authority_finds_a_contract_by_its_external_id():
    authority, organisation = await rows.an_authority(), await rows.an_organisation()
    await rows.a_contract(organisation, contracting_authority=authority, title="Brug", external_id="DOSSIER-1")
    await rows.a_contract(organisation, title="Sluis", external_id="DOSSIER-1")

    assert await titles_of_contracts(machine(authority), authority, externalId="DOSSIER-1") == ["Brug"]
    assert await titles_of_contracts(machine(authority), authority, externalId="DOSSIER-2") == []
    assert await titles_of_contracts(await administrator(organisation), organisation, externalId="DOSSIER-1") == []


GROUPS = """query($id: ID!, $filter: GroupFilter) { node(id: $id) { ... on Organisation {
  groups(filter: $filter) { edges { node { name } } } } } }"""
ALL_GROUPS = "query($id: ID!) { node(id: $id) { ... on Organisation { groups { edges { node { name } } } } } }"


async def test_groups_are_searched_by_name_description_and_email_and_filtered_by_activity():
    organisation = await rows.an_organisation()
    viewer = await administrator(organisation)
    await rows.a_group(organisation, "Éénmaking", email="Post@werf.example")
    await rows.a_group(organisation, "Boekhouding", description="Facturen van de post")
    await rows.a_group(organisation, "Oud", active=False)
    await rows.a_group(organisation, "Overschreven", active=False, archived=True)
    node: dict[str, Any] = {"id": global_id("Organisation", organisation.id)}

    async def names(document: str = GROUPS, **group_filter: Any) -> list[str]:
        variables: dict[str, Any] = {"filter": group_filter} if document is GROUPS else {}
        data = await read(viewer, document, **node, **variables)
        return [edge["node"]["name"] for edge in data["node"]["groups"]["edges"]]

    assert await names(ALL_GROUPS) == ["Boekhouding", "Éénmaking"]
    assert await names(search="post") == ["Boekhouding", "Éénmaking"]
    assert [await names(search=search) for search in ("ééN", "een", "WÉRF")] == [["Éénmaking"]] * 3
    assert await names(active=False) == ["Oud"]
    assert await names(active=None) == ["Boekhouding", "Éénmaking", "Oud"]
    # Deleted groups are listed only if the filter includes them.
    assert await names() == ["Boekhouding", "Éénmaking"]
    assert await names(search="oud") == await names(search="oud", active=True) == ["Boekhouding"]
    assert await names(search="oud", active=None) == ["Boekhouding", "Oud"]
    assert [await names(active=True, search=search) for search in (" \u00a0een\t\r\n", " \n ")] == [
        ["Éénmaking"],
        ["Boekhouding", "Éénmaking"],
    ]


PEOPLE = """query($id: ID!, $filter: WorkRelationFilter) { node(id: $id) { ... on Organisation {
  workRelations(filter: $filter) { edges { node { user { givenName } } } } } } }"""


async def test_people_are_searched_by_name_and_email_and_filtered_by_status_and_right():
    organisation = await rows.an_organisation()
    viewer = await rows.a_user(given_name="Zoë", family_name="Zwart")
    await rows.a_mandate(user=viewer, organisation=organisation)
    day = await rows.today()
    an = await rows.a_user(given_name="An", family_name="De Wolf")
    bo = await rows.a_user(given_name="Bo", family_name="de Backer")
    cis = await rows.a_user(given_name="Cis", family_name="Claes")
    current = await rows.a_work_relation(an, organisation, email="an.dewolf@werf.example")
    await rows.a_right(current, Role.ADMINISTRATOR)
    revoked = await rows.a_work_relation(bo, organisation, email=None)
    await rows.a_right(revoked, revoked_at=await rows.now())
    expired = await rows.a_work_relation(cis, organisation, day - timedelta(200), day - timedelta(1))
    await rows.a_right(expired)

    async def people(**relation_filter: Any) -> list[str]:
        data = await read(person(viewer), PEOPLE, id=global_id("Organisation", organisation.id), filter=relation_filter)
        return [edge["node"]["user"]["givenName"] for edge in data["node"]["workRelations"]["edges"]]

    assert await people() == ["Cis", "Bo", "An"]
    assert [await people(search=search) for search in ("WOLF", "Wölf")] == [["An"]] * 2
    assert [await people(search=search) for search in ("an de wolf", "de wolf an")] == [["An"], ["An"]]
    assert await people(search="@werf") == ["An"]
    assert await people(search="ÇLAËS") == ["Cis"]
    assert await people(search="%") == []
    assert [await people(status=status) for status in ("ACTIVE", "EXPIRED", "UPCOMING")] == [["Bo", "An"], ["Cis"], []]
    assert [await people(role=role) for role in ("ADMINISTRATOR", "USER")] == [["An"], ["Cis"]]
    assert [await people(rightActive=active) for active in (True, False)] == [["An"], ["Cis", "Bo"]]


MESSAGES = """query($id: ID!, $search: String) { node(id: $id) { ... on Contract {
  messages(search: $search) { totalCount edges { node { subject } } } } } }"""


@pytest.mark.parametrize(
    ("search", "subjects"),
    [
        (None, ["Coördinatie", "Planning"]),
        ("", ["Coördinatie", "Planning"]),
        ("COORDINATIE", ["Coördinatie"]),
        ("coördinatie", ["Coördinatie"]),
        ("verplààtst", ["Planning"]),
        ("is maandag", ["Coördinatie", "Planning"]),
        ("10%", ["Planning"]),
        ("1_%", []),
        ("geheim", []),
    ],
)
async def test_messages_are_searched_by_subject_and_body_ignoring_case_and_accents(
    search: str | None, subjects: list[str]
):
    contract = await rows.a_contract()
    viewer = await administrator(await contract.organisation)
    await rows.a_message(contract, subject="Planning", body="Vrijdag verplaatst;\ndat is maandag. Met 10% korting.")
    await rows.a_message(contract, subject="Coördinatie", body="Dat is maandag.")
    await rows.a_message(subject="Elders", body="Geheim: is maandag")

    data = await read(viewer, MESSAGES, id=global_id("Contract", contract.id), search=search)

    messages = data["node"]["messages"]
    assert [edge["node"]["subject"] for edge in messages["edges"]] == subjects
    assert messages["totalCount"] == len(subjects)


async def test_a_search_finds_no_message_that_the_viewer_may_not_see():
    contract = await rows.a_contract()
    group = await rows.a_group(await contract.organisation, levels={"INVOICING": DocumentLevel.READ})
    await rows.a_link(contract, group)
    reader = person((await rows.a_membership(group)).user_id)
    for theme in ("INVOICING", "EXECUTION"):
        await rows.a_message(contract, await rows.a_document(contract, theme_code=theme), subject=f"Over {theme}")

    data = await read(reader, MESSAGES, id=global_id("Contract", contract.id), search="over")

    messages = data["node"]["messages"]
    assert [edge["node"]["subject"] for edge in messages["edges"]] == ["Over INVOICING"]
    assert messages["totalCount"] == 1


DOCUMENTS = """query($id: ID!, $search: String, $theme: String) { node(id: $id) { ... on Contract {
  documents(search: $search, themeCode: $theme) { totalCount edges { node { title } } } } } }"""


async def titles_of_documents(viewer: Actor, contract: Contract, **arguments: Any) -> list[str]:
    data = await read(viewer, DOCUMENTS, id=global_id("Contract", contract.id), **arguments)
    documents = data["node"]["documents"]
    titles = [edge["node"]["title"] for edge in documents["edges"]]
    assert documents["totalCount"] == len(titles)
    return sorted(titles)


@pytest.mark.parametrize(
    ("search", "titles"),
    [
        (None, ["Eindafrekening", "Vorderingsstaat één"]),
        ("", ["Eindafrekening", "Vorderingsstaat één"]),
        ("STAAT EEN", ["Vorderingsstaat één"]),
        ("vorderingsstaat", ["Vorderingsstaat één"]),
        ("meetstaat", ["Eindafrekening"]),
        ("Bijlage.PDF", ["Vorderingsstaat één"]),
        (".pdf", ["Eindafrekening", "Vorderingsstaat één"]),
        ("weg.pdf", []),
        ("%", []),
        ("geheim", []),
    ],
)
async def test_documents_are_searched_by_title_and_filenames(search: str | None, titles: list[str]):
    contract = await rows.a_contract()
    viewer = await administrator(await contract.organisation)
    document = await rows.a_document(contract, title="Vorderingsstaat één")
    for filename in ("foto.png", "bijlage.pdf"):
        await rows.an_attachment(document, filename=filename)
    await rows.an_attachment(document, filename="weg.pdf", removed_at=await rows.now())
    await rows.an_attachment(await rows.a_document(contract, title="Eindafrekening"), filename="Meetstaat.pdf")
    await rows.a_document(title="Geheim")

    assert await titles_of_documents(viewer, contract, search=search) == titles
    assert await titles_of_documents(viewer, contract, search=search, theme="EXECUTION") == []


async def test_a_search_finds_no_document_that_the_viewer_may_not_see():
    contract = await rows.a_contract()
    group = await rows.a_group(await contract.organisation, levels={"INVOICING": DocumentLevel.READ})
    await rows.a_link(contract, group)
    reader = person((await rows.a_membership(group)).user_id)
    for theme in ("INVOICING", "EXECUTION"):
        document = await rows.a_document(contract, theme_code=theme, title=f"Over {theme}")
        await rows.an_attachment(document, filename="plan.pdf")

    assert [await titles_of_documents(reader, contract, search=search) for search in ("over", "plan")] == [
        ["Over INVOICING"]
    ] * 2
