"""People: looked up by national register number and added; the viewer's language."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from domain.actor import Actor
from domain.models import User
from domain.rules import person as rules
from gql.reading.ids import key_of
from gql.reading.sources import SOURCES, Record

if TYPE_CHECKING:
    from gql.schema.person import AddPersonInput, LookUpPersonInput, SetLanguageInput


async def look_up_person(actor: Actor, input: "LookUpPersonInput") -> Record:
    """Looks up the person with a national register number."""
    person = await rules.look_up_person(
        actor=actor,
        organisation_id=key_of("Organisation", input.organisation_id),
        national_number=input.national_number,
    )
    return Record(source__=SOURCES["PersonPreview"], **asdict(person))


async def add_person(actor: Actor, input: "AddPersonInput") -> User:
    """Adds a person to an organisation."""
    return await rules.add_person(
        actor=actor,
        organisation_id=key_of("Organisation", input.organisation_id),
        national_number=input.national_number,
        language=input.language,
    )


async def set_language(actor: Actor, input: "SetLanguageInput") -> User:
    """Sets the viewer's own language."""
    return await rules.set_language(actor=actor, language=input.language)
