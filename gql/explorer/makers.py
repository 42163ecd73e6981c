"""How the variables of the examples are made from what their reader sees."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from tortoise.models import Model

from gql.explorer.samples import Samples
from gql.reading.ids import global_id

Maker = Callable[[Samples], Any]
"""Makes a variable's value."""
Finder = Callable[[Samples], Model | None]
"""Finds a row among what the reader sees."""

_BYTES: Final = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
EXAMPLE_FILE: Final[dict[str, Any]] = {
    "filename": "vorderingsstaat-2.pdf",
    "contentType": "application/pdf",
    "size": len(_BYTES),
    "sha256": sha256(_BYTES).hexdigest(),
}
"""A file as an upload of it is asked for."""


def id_of(find: Finder, kind: str | None = None) -> Maker:
    """The id of a row, or an empty one; `kind` is what the graph calls it, where that differs."""

    def made(samples: Samples) -> str:
        row = find(samples)
        return global_id(kind or type(row).__name__, row.pk) if row else ""

    return made


def version_of(find: Finder) -> Maker:
    """The version of a row; 1 without one."""
    return lambda samples: getattr(find(samples), "version", 1)


CONTRACT: Final = id_of(lambda samples: samples.contract)
ORGANISATION: Final = id_of(lambda samples: samples.organisation)


def input_variable(**fields: Any) -> dict[str, Maker]:
    """The variable `input`: each of its fields is a value, or a maker."""
    return {
        "input": lambda samples: {name: value(samples) if callable(value) else value for name, value in fields.items()}
    }
