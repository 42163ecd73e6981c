"""The table that a person reads: written as Markdown, and read back as what is expected."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from tests.authorisation.people import WHO

FILE: Final = Path(__file__).parents[2] / "docs" / "authorisation.md"
READ, EMPTY, NULL, ABSENT, REFUSED, OTHERWISE, STRANGER, SENSELESS = "●", "∅", "○", "–", "✗", "!", "⊘", " "  # noqa: RUF001  # a dash, as the domain's own tables have it
OWN, FOREIGN = "", "elsewhere: "
"""How a line begins that is about the organisation's own object, or about the same of another organisation."""

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
class Place:
    """Where a line of the table stands.

    Attributes:
        part: The chapter: a type of the graph, or what is done.
        about: The object, as the table's first cell says it.
        whose: `OWN` or `FOREIGN`.
        name: The field (`a.b` is what stands behind `a`), ability or mutation.
    """

    part: str
    about: str
    whose: str
    name: str

    def __str__(self) -> str:
        return f"{self.part}, {self.about}: {self.whose}{self.name}"


Lines = Mapping[Place, Mapping[str, str]]
"""What each who asks gets, by the names of their columns."""


def differences(expected: Lines, observed: Lines) -> list[str]:
    """What a person is told of each line that is not as the table has it."""
    gone = [
        f"{place}: the table has a line for it, and there is no such thing." for place in expected.keys() - observed
    ]
    new = [f"{place}: the table has no line for it." for place in observed.keys() - expected]
    other = [
        f"{place}: {who} gets {observed[place][who]}, and the table says {expected[place][who]}."
        for place in expected.keys() & observed
        for who in WHO
        if observed[place][who] != expected[place][who]
    ]
    return sorted(gone + new + other)


def part_of(lines: Lines, part: str) -> Lines:
    """The lines of one chapter."""
    return {place: signs for place, signs in lines.items() if place.part == part}


def read(text: str) -> Lines:
    """The lines of a text that `written` made."""
    found: dict[Place, dict[str, str]] = {}
    part = about = ""
    for line in text.splitlines():
        cells = [cell.strip() or SENSELESS for cell in line.strip("|").split("|")]
        if line.startswith("## "):
            part = line.removeprefix("## ")
        elif tuple(cells[1:]) == tuple(WHO):
            about = cells[0]
        elif len(cells) == len(WHO) + 1 and not cells[1].startswith(":"):
            whose = FOREIGN if cells[0].startswith(FOREIGN) else OWN
            for name in _names(cells[0].removeprefix(whose)):
                place = Place(part, about, whose, name)
                assert place not in found, f"{place} stands in the table twice."
                found[place] = dict(zip(WHO, cells[1:], strict=True))
    return found


def written(lines: Lines) -> str:
    """A chapter for each part, a table for each object, a line for all that is answered alike."""
    chapters = [PREFACE + "".join(f"| {who} | {said} |\n" for who, said in WHO.items())]
    for part, of_part in groupby(lines.items(), lambda line: line[0].part):
        objects: dict[str, dict[Place, Mapping[str, str]]] = {}
        for place, signs in sorted(of_part, key=lambda line: line[0].whose):
            objects.setdefault(place.about, {})[place] = signs
        tables = ["\n".join(_table(about, each)) for about, each in objects.items()]
        chapters.append(f"## {part}\n\n" + "\n\n".join(tables) + "\n")
    return "\n".join(chapters)


def _table(about: str, lines: Lines) -> Iterator[str]:
    yield f"| {about} | {' | '.join(WHO)} |"
    yield "| --- |" + " :-: |" * len(WHO)
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for place, signs in lines.items():
        alike.setdefault((place.whose, tuple(signs[who] for who in WHO)), []).append(place.name)
    for (whose, row), names in alike.items():
        yield f"| {whose}{_told(names)} | {' | '.join(row)} |"


def _told(names: list[str]) -> str:
    """`a`, `b { c d }`: what stands behind a field is told with it, where they are answered alike."""
    tops = [name for name in names if not any(other != name and name.startswith(f"{other}.") for other in names)]
    return ", ".join(f"`{_with_parts(name, '', names)}`" for name in tops)


def _with_parts(name: str, owner: str, names: list[str]) -> str:
    behind = [other for other in names if other.startswith(f"{name}.")]
    nearest = [part for part in behind if not any(part.startswith(f"{other}.") for other in behind)]
    parts = " ".join(_with_parts(part, f"{name}.", names) for part in nearest)
    return f"{name.removeprefix(owner)} {{ {parts} }}" if parts else name.removeprefix(owner)


def _names(cell: str) -> Iterator[str]:
    """The names that `_told` told."""
    for told in re.findall(r"`([^`]+)`", cell):
        if "{" not in told:
            yield told
            continue
        owners: list[str] = []
        last = ""
        for word in told.split():
            if word == "{":
                owners.append(last)
            elif word == "}":
                owners.pop()
            else:
                last = f"{owners[-1]}.{word}" if owners else word
                yield last
