"""Factories for the example variables, from what the viewer sees."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from tortoise.models import Model

from gql.explorer.samples import Samples
from gql.reading.ids import global_id

ValueFactory = Callable[[Samples], Any]
"""Returns a variable's value."""
RowFinder = Callable[[Samples], Model | None]
"""Returns a row of the samples."""

_BYTES: Final = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
EXAMPLE_FILE: Final[dict[str, Any]] = {
    "filename": "vorderingsstaat-2.pdf",
    "contentType": "application/pdf",
    "size": len(_BYTES),
    "sha256": sha256(_BYTES).hexdigest(),
}
"""The announcement of a file."""


def id_of(find: RowFinder, kind: str | None = None) -> ValueFactory:
    """A factory for the id of a row, empty without one; `kind` is its GraphQL type, if not named like the model."""

    def global_id_of(samples: Samples) -> str:
        row = find(samples)
        return global_id(kind or type(row).__name__, row.pk) if row else ""

    return global_id_of


def version_of(find: RowFinder) -> ValueFactory:
    """A factory for the version of a row; 1 without one."""
    return lambda samples: getattr(find(samples), "version", 1)


CONTRACT: Final = id_of(lambda samples: samples.contract)
ORGANISATION: Final = id_of(lambda samples: samples.organisation)


def input_variable(**fields: Any) -> dict[str, ValueFactory]:
    """A factory for the variable `input`: each of its fields is a value or a factory."""
    return {
        "input": lambda samples: {name: value(samples) if callable(value) else value for name, value in fields.items()}
    }
