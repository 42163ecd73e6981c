"""How the variables of the examples are made from what their reader sees."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from gql.reading.ids import global_id

Known = dict[str, Any]
"""What the reader sees, by the name that the makers call it."""
Maker = Callable[[Known], Any]

_BYTES: Final = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
EXAMPLE_FILE: Final[Known] = {
    "filename": "vorderingsstaat-2.pdf",
    "contentType": "application/pdf",
    "size": len(_BYTES),
    "sha256": sha256(_BYTES).hexdigest(),
}
"""A file as an upload of it is asked for."""


def id_of(name: str, kind: str | None = None) -> Maker:
    """The id of what is known by that name, or an empty one; `kind` is what the graph calls it, where that differs."""

    def made(known: Known) -> str:
        row = known[name]
        return global_id(kind or type(row).__name__, row.id) if row else ""

    return made


def given_input(**fields: Any) -> dict[str, Maker]:
    """The variable `input`: each of its fields is a value, or a maker."""
    return {"input": lambda known: {name: value(known) if callable(value) else value for name, value in fields.items()}}
