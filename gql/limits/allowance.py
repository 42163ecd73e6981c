"""How much one operation may ask for, by who asks."""

from dataclasses import dataclass
from typing import Final

from domain.actor import Actor


@dataclass(frozen=True, slots=True)
class Allowance:
    """The most that one document, and one viewer in a minute, may ask for.

    Attributes:
        characters: The length of the document, which is kept for the next time.
        tokens: Words, signs and comments in the document.
        depth: Fields inside fields.
        fields: Fields in all, those of a fragment as often as it is spread.
        aliases: Fields that are given another name.
        root_fields: Fields of Query that are answered.
        mutations: Fields of Mutation that are carried out.
        directives: Directives in the whole document.
        repetitions: Fields that stand more than once side by side.
        list_items: Items in any list among the variables.
        names: Names in any input among the variables, and in the variables themselves.
        name_characters: The length of such a name.
        text_characters: The length of any text among the variables; each field says how much of that it takes.
        objects: What may be read, in objects: page sizes multiplied.
        objects_a_minute: What a viewer may read in a minute, in objects.
    """

    characters: int = 100_000
    tokens: int = 2_000
    depth: int = 20
    fields: int = 5_000
    aliases: int = 30
    root_fields: int = 10
    mutations: int = 5
    directives: int = 50
    repetitions: int = 30
    list_items: int = 1_000
    names: int = 100
    name_characters: int = 100
    text_characters: int = 50_000
    objects: int = 250_000
    objects_a_minute: int = 10_000_000


PERSON: Final = Allowance()
"""For people, and for whoever is not signed in."""
MACHINE: Final = Allowance(tokens=8_000, fields=20_000, aliases=100, root_fields=100, mutations=100)
"""For a contracting authority's system, which delivers in bulk."""


def allowance_of(actor: Actor) -> Allowance:
    """What the one who asks may ask for."""
    return PERSON if actor.authority_id is None else MACHINE
