"""The table of who may read and do what, as Markdown."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from tests.authorisation.viewers import VIEWERS

FILE: Final = Path(__file__).parents[2] / "docs" / "authorisation.md"
READ, EMPTY, NULL, ABSENT = "●", "∅", "○", "–"  # noqa: RUF001  # a dash, as in the tables of the domain
FORBIDDEN, OTHER_REFUSAL, UNAUTHENTICATED, NOT_APPLICABLE = "✗", "!", "⊘", " "
OWN, FOREIGN = "", "elsewhere: "
"""The prefix of lines about an object of the viewers' organisation, and about the same of another organisation."""

PREFACE: Final = """# Who may read and do what

For reviewers of access control: the API's response for every field of every type and every mutation, requested by each
viewer below, about an object of their own organisation and about the same object of another one (the lines that begin
with *elsewhere*). `make authorisation` generates this page, and the tests compare every response with it. Visibility is
defined in `domain/visibility`, permissions in `domain/policies`. A changed line is a changed permission: review it as
such. A field or mutation without a line fails the tests.

| sign | for a field | for a mutation |
| :-: | --- | --- |
| ● | a value | executed |
| ∅ | an empty list: the contents are not visible to them, or don't exist | |
| ○ | null: the value is not visible to them, or doesn't exist | |
| – | the object doesn't exist for them | `NOT_FOUND` |
| ✗ | | `FORBIDDEN`: they see the object, but may not do this |
| ! | | refused for everyone, for another reason |
| ⊘ | `UNAUTHENTICATED` | `UNAUTHENTICATED` |
| | | they have nothing to try it on |

`a { b c }` stands for the field `a`, and for `b` and `c` of its object. `viewerCan: UPDATE` has a value if `viewerCan`
contains `UPDATE`. A refused mutation changes nothing, and its payload contains the errors only.

| name | viewer |
| --- | --- |
"""  # noqa: RUF001  # the same dash


@dataclass(frozen=True)
class LineKey:
    """Identifies a line of the table.

    Attributes:
        chapter: A type of the schema.
        subject: The object's label, in the first cell of the table's header.
        whose: `OWN` or `FOREIGN`.
        name: The field (`a.b` is the field `b` of the type of `a`), ability or mutation.
    """

    chapter: str
    subject: str
    whose: str
    name: str

    def __str__(self) -> str:
        return f"{self.chapter}, {self.subject}: {self.whose}{self.name}"


Lines = Mapping[LineKey, Mapping[str, str]]
"""The signs of each line, by viewer."""


def differences(expected: Lines, observed: Lines) -> list[str]:
    """A message for each line that differs from the table."""
    missing = [f"{key}: in the table, but not in the schema." for key in expected.keys() - observed]
    new = [f"{key}: not in the table." for key in observed.keys() - expected]
    changed = [
        f"{key}: {who} gets {observed[key][who]}, but the table has {expected[key][who]}."
        for key in expected.keys() & observed
        for who in VIEWERS
        if observed[key][who] != expected[key][who]
    ]
    return sorted(missing + new + changed)


def lines_of_chapter(lines: Lines, chapter: str) -> Lines:
    """The lines of one chapter."""
    return {key: signs for key, signs in lines.items() if key.chapter == chapter}


def from_markdown(text: str) -> Lines:
    """The lines of a page that `to_markdown` wrote."""
    lines: dict[LineKey, dict[str, str]] = {}
    chapter = subject = ""
    for line in text.splitlines():
        cells = [cell.strip() or NOT_APPLICABLE for cell in line.strip("|").split("|")]
        if line.startswith("## "):
            chapter = line.removeprefix("## ")
        elif tuple(cells[1:]) == tuple(VIEWERS):
            subject = cells[0]
        elif len(cells) == len(VIEWERS) + 1 and not cells[1].startswith(":"):
            whose = FOREIGN if cells[0].startswith(FOREIGN) else OWN
            for name in _flat_names(cells[0].removeprefix(whose)):
                key = LineKey(chapter, subject, whose, name)
                assert key not in lines, f"{key} is in the table twice."
                lines[key] = dict(zip(VIEWERS, cells[1:], strict=True))
    return lines


def to_markdown(lines: Lines) -> str:
    """The page: a section per chapter, a table per object, a row for all names with the same signs."""
    chapters = [PREFACE + "".join(f"| {who} | {label} |\n" for who, label in VIEWERS.items())]
    for chapter, chapter_lines in groupby(lines.items(), lambda line: line[0].chapter):
        objects: dict[str, dict[LineKey, Mapping[str, str]]] = {}
        for key, signs in sorted(chapter_lines, key=lambda line: line[0].whose):
            objects.setdefault(key.subject, {})[key] = signs
        tables = ["\n".join(_table(subject, each)) for subject, each in objects.items()]
        chapters.append(f"## {chapter}\n\n" + "\n\n".join(tables) + "\n")
    return "\n".join(chapters)


def _table(subject: str, lines: Lines) -> Iterator[str]:
    yield f"| {subject} | {' | '.join(VIEWERS)} |"
    yield "| --- |" + " :-: |" * len(VIEWERS)
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for key, signs in lines.items():
        alike.setdefault((key.whose, tuple(signs[who] for who in VIEWERS)), []).append(key.name)
    for (whose, row), names in alike.items():
        yield f"| {whose}{_nested_names(names)} | {' | '.join(row)} |"


def _nested_names(names: list[str]) -> str:
    """`a`, `b { c d }`: nested fields with the same signs follow their field in braces."""
    tops = [name for name in names if not any(other != name and name.startswith(f"{other}.") for other in names)]
    return ", ".join(f"`{_with_parts(name, '', names)}`" for name in tops)


def _with_parts(name: str, owner: str, names: list[str]) -> str:
    behind = [other for other in names if other.startswith(f"{name}.")]
    nearest = [part for part in behind if not any(part.startswith(f"{other}.") for other in behind)]
    parts = " ".join(_with_parts(part, f"{name}.", names) for part in nearest)
    return f"{name.removeprefix(owner)} {{ {parts} }}" if parts else name.removeprefix(owner)


def _flat_names(cell: str) -> Iterator[str]:
    """The names in a cell that `_nested_names` wrote."""
    for text in re.findall(r"`([^`]+)`", cell):
        if "{" not in text:
            yield text
            continue
        owners: list[str] = []
        last = ""
        for word in text.split():
            if word == "{":
                owners.append(last)
            elif word == "}":
                owners.pop()
            else:
                last = f"{owners[-1]}.{word}" if owners else word
                yield last
