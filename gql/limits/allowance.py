"""The limits on one operation and on a viewer's minute, by kind of viewer."""

from dataclasses import dataclass
from typing import Final

from domain.actor import Actor


@dataclass(frozen=True, slots=True)
class Allowance:
    """Limits on one document and its variables, and on a viewer's minute.

    Attributes:
        characters: The length of the document.
        tokens: Lexical tokens in the document, including comments.
        depth: Levels of fields inside fields, and of values inside variables.
        fields: Fields in total, those of a fragment as often as it is spread.
        aliases: Aliased fields.
        root_fields: Fields of Query that are resolved.
        mutations: Fields of Mutation that are executed.
        directives: Directives in the whole document.
        duplicate_fields: Fields that occur again in the same selection set.
        list_items: Items in any list among the variables.
        names: Names in any input object among the variables, and in the variables themselves.
        name_characters: The length of such a name.
        text_characters: The length of any string among the variables; each field has its own, lower limit.
        objects: The cost of an operation: objects that it reads at most, page sizes multiplied.
        objects_per_minute: The budget of a viewer, in objects.
    """

    characters: int = 100_000
    tokens: int = 2_000
    depth: int = 20
    fields: int = 5_000
    aliases: int = 30
    root_fields: int = 10
    mutations: int = 5
    directives: int = 50
    duplicate_fields: int = 30
    list_items: int = 1_000
    names: int = 100
    name_characters: int = 100
    text_characters: int = 50_000
    objects: int = 250_000
    objects_per_minute: int = 10_000_000


PERSON: Final = Allowance()
"""For people, and for whoever is not signed in."""
MACHINE: Final = Allowance(tokens=8_000, fields=20_000, aliases=100, root_fields=100, mutations=100)
"""For the system of a contracting authority, which delivers in bulk."""


def allowance_of(actor: Actor) -> Allowance:
    """The limits for an actor."""
    return PERSON if actor.authority_id is None else MACHINE
