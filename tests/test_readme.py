"""README, architecture and decisions agree with the settings, people and files."""

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
CODE_SPAN = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def table_rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading."""
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def _as_variable(default: object) -> str | None:
    """A default as the value of an environment variable; None if there is none."""
    if default in (None, (), PydanticUndefined):
        return None
    return str(default).lower() if isinstance(default, bool) else str(default)


def test_every_setting_is_documented_with_its_default() -> None:
    documented: dict[str, str | None] = {}
    for variables, defaults, *_ in table_rows("Settings"):
        names, values = CODE_SPAN.findall(variables), CODE_SPAN.findall(defaults)
        assert len(values) in (0, len(names)), variables
        documented |= dict(zip(names, values or [None] * len(names), strict=True))
    fields = {name.upper(): field.default for name, field in Settings.model_fields.items()}
    assert documented == {name: _as_variable(default) for name, default in fields.items()}


def test_every_persona_is_documented() -> None:
    documented = [(CODE_SPAN.findall(key)[0], name) for key, name, _ in table_rows("Who can sign in")]
    assert documented == [(person.key, f"{person.given_name} {person.family_name}") for person in PEOPLE if person.key]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_has_a_target(document: Path) -> None:
    for file, section in LINK.findall(document.read_text(encoding="utf-8")):
        target = document.parent / file if file else document
        assert target.exists(), file
        assert not section or section in anchors(target), f"{file}#{section}"


def anchors(document: Path) -> set[str]:
    """The anchors of a page's headings."""
    headings = HEADING.findall(document.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_numbers_of_decisions_are_unique() -> None:
    numbers = [path.name[:4] for path in DECISIONS]
    assert len(set(numbers)) == len(numbers)
    assert all(number.isdecimal() for number in numbers)


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem[:4])
def test_each_decision_has_its_number_and_date(decision: Path) -> None:
    title, _, date, *_ = decision.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(rf"# {decision.name[:4]}\. \S.*", title)
    assert re.fullmatch(r"Decided \d{4}-\d\d-\d\d\.", date)


def test_the_architecture_lists_every_package() -> None:
    subpackages = [
        path for package in ("domain", "gql", "workers", "local") for path in (ROOT / package).glob("*/__init__.py")
    ]
    packages = {f"{path.parent.relative_to(ROOT)}/" for path in [*ROOT.glob("*/__init__.py"), *subpackages]}
    assert packages - set(CODE_SPAN.findall(ARCHITECTURE)) == set()


def test_the_architecture_lists_every_chore() -> None:
    documented = ARCHITECTURE.split("\n## Chores\n")[1].split("\n## ")[0]
    assert {chore.name for chore in CHORES} <= set(CODE_SPAN.findall(documented))
