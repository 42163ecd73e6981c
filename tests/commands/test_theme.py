"""`econtracting theme list`, `show` and `hide`."""

import pytest

from domain.models import AuditEntry, DocumentLevel, Role, Theme
from gql.reading.ids import global_id
from tests import rows
from tests.commands.running import econtracting
from tests.gql.execution import person, read
from tests.table_contents import assert_tables_unchanged

pytestmark = pytest.mark.usefixtures("database")
THEMES = "{ themes { code name } }"
LEVELS = "query($id: ID!) { node(id: $id) { ... on Group { themeLevels { theme { code visible } level } } } }"


async def test_themes_are_listed_in_four_languages():
    result = await econtracting("theme", "list")
    assert (result.status, result.stderr) == (0, "")
    assert result.stdout.splitlines()[:2] == [
        "INVOICING    visible  Facturatie | Facturation | Invoicing | Rechnungsstellung",
        "EXECUTION    hidden   Uitvoering | Exécution | Execution | Ausführung",
    ]


async def test_a_theme_that_is_shown_can_be_granted_and_a_hidden_one_keeps_what_was_granted():
    organisation = await rows.an_organisation()
    admin = person((await rows.a_person_with_right(organisation, Role.ADMINISTRATOR)).user_id)
    granted = await rows.a_group(organisation, levels={"INVOICING": DocumentLevel.SEND})
    other = await rows.a_group(organisation)

    shown, hidden = (
        await econtracting("theme", "show", "execution"),
        await econtracting("theme", "hide", "INVOICING"),
    )

    assert (shown.stdout, hidden.stdout) == ("EXECUTION is visible.\n", "INVOICING is hidden.\n")
    assert await read(admin, THEMES, language="de") == {"themes": [{"code": "EXECUTION", "name": "Ausführung"}]}
    levels = (await read(admin, LEVELS, id=global_id("Group", granted.id)))["node"]["themeLevels"]
    assert [(each["theme"]["code"], each["level"]) for each in levels] == [("INVOICING", "SEND"), ("EXECUTION", "NONE")]
    levels = (await read(admin, LEVELS, id=global_id("Group", other.id)))["node"]["themeLevels"]
    assert [each["theme"]["code"] for each in levels] == ["EXECUTION"]
    entries = await AuditEntry.all().order_by("id")
    assert [(entry.action, entry.actor_name) for entry in entries] == [
        ("THEME_SHOWN", "operator"),
        ("THEME_HIDDEN", "operator"),
    ]


async def test_showing_a_visible_theme_changes_nothing_and_an_unknown_theme_is_refused():
    async with assert_tables_unchanged():
        unchanged_theme, unknown = (
            await econtracting("theme", "show", "INVOICING"),
            await econtracting("theme", "hide", "MAP"),
        )
    assert unchanged_theme.status == 0
    assert unknown.status == 1
    codes = ", ".join([theme.code for theme in await Theme.all().order_by("id")])
    assert unknown.stderr == f"code: There is no theme with the code “MAP”. Possible are: {codes}.\n"
