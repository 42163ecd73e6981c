"""What the viewer may do with an object."""

from typing import Any

from tortoise.models import Model

from domain.policies.abilities import abilities
from gql.reading.declare import sql


def viewer_can(model: type[Model]) -> Any:
    """The field that lists the viewer's abilities on a row of a model."""
    return sql("What the viewer may do with it.", abilities(model))
