"""The letters that were written, and where they go."""

from domain.models import Delivery, Letter, LetterKind


async def written(kind: LetterKind) -> list[Letter]:
    """The letters of a kind, oldest first."""
    return await Letter.filter(kind=kind).order_by("id")


async def addresses(letter: Letter) -> list[tuple[str | None, str]]:
    """The addresses of a letter, each with the language that it is written to in."""
    return [(each.address, each.language) for each in await Delivery.filter(letter_id=letter.id).order_by("id")]
