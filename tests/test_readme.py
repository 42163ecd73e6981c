"""What the README says about settings, people and files is what they are."""

import re
from pathlib import Path

import pytest
from pydantic_core import PydanticUndefined

from local.people import PEOPLE
from settings import Settings
from workers.chore_schedule import CHORES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
QUOTED = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading."""
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def _as_set(default: object) -> str | None:
    """A default as an operator would set it; None where there is nothing to set."""
    if default in (None, (), PydanticUndefined):
        return None
    return str(default).lower() if isinstance(default, bool) else str(default)


def test_every_variable_is_there_with_its_default() -> None:
    told: dict[str, str | None] = {}
    for variables, defaults, *_ in rows("Settings"):
        names, values = QUOTED.findall(variables), QUOTED.findall(defaults)
        assert len(values) in (0, len(names)), variables
        told |= dict(zip(names, values or [None] * len(names), strict=True))
    fields = {name.upper(): field.default for name, field in Settings.model_fields.items()}
    assert told == {name: _as_set(default) for name, default in fields.items()}


def test_everyone_with_a_button_is_there() -> None:
    told = [(QUOTED.findall(key)[0], name) for key, name, _ in rows("Who can sign in")]
    assert told == [(person.key, f"{person.given_name} {person.family_name}") for person in PEOPLE if person.key]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    for file, section in LINK.findall(document.read_text(encoding="utf-8")):
        target = document.parent / file if file else document
        assert target.exists(), file
        assert not section or section in anchors(target), f"{file}#{section}"


def anchors(document: Path) -> set[str]:
    """The names by which the sections of a page are linked to."""
    headings = HEADING.findall(document.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_decisions_are_numbered_once() -> None:
    numbers = [path.name[:4] for path in DECISIONS]
    assert len(set(numbers)) == len(numbers)
    assert all(number.isdecimal() for number in numbers)


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem[:4])
def test_each_decision_says_its_number_and_its_day(decision: Path) -> None:
    title, _, day, *_ = decision.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(rf"# {decision.name[:4]}\. \S.*", title)
    assert re.fullmatch(r"Decided \d{4}-\d\d-\d\d\.", day)


def test_the_map_has_every_room() -> None:
    within = [path for room in ("domain", "gql", "workers", "local") for path in (ROOT / room).glob("*/__init__.py")]
    rooms = {f"{path.parent.relative_to(ROOT)}/" for path in [*ROOT.glob("*/__init__.py"), *within]}
    assert rooms - set(QUOTED.findall(ARCHITECTURE)) == set()


def test_the_map_has_every_chore() -> None:
    told = ARCHITECTURE.split("\n## Chores\n")[1].split("\n## ")[0]
    assert {chore.name for chore in CHORES} <= set(QUOTED.findall(told))
