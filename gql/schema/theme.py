"""Families of documents."""

from domain import models, visibility
from gql.reading.declare import column, localised, to_one
from gql.reading.sources import entity, facet
from gql.schema.enums import DocumentLevel
from gql.schema.node import Node


@entity(
    models.Theme,
    visible=visibility.everyone,
    description="A family of documents (thema). INVOICING (Facturatie) is visible from the start.",
)
class Theme(Node):
    code: str = column("Its code in inputs, such as `INVOICING`.")
    name: str = localised(
        "Its name, in the preferred language of `Accept-Language` among nl, fr, en, de; Dutch by default."
    )
    visible: bool = column(
        "Whether it can be granted and used today. On a hidden theme, existing documents can still be read."
    )


@facet("A level on a theme.", theme_id="bigint", level="smallint")
class ThemeLevel:
    theme: Theme = to_one("The theme.", key="{row}.theme_id")
    level: DocumentLevel = column("The level on the documents of the theme.")


def group_theme_levels(key: str) -> str:
    """SQL: a group's level on each visible theme, and on hidden ones above NONE.

    Args:
        key: The column of the row that has the group's key.
    """
    return f"""select th.id as theme_id, coalesce(tl.level, 0) as level from theme th
        left join group_theme_level tl on tl.theme_id = th.id and tl.group_id = {{row}}.{key} and tl.valid_to is null
        where th.visible or tl.level > 0 order by th.id"""
