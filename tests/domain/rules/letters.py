"""The stored letters, and their recipients."""

from domain.models import Delivery, Letter, LetterKind


async def letters_of(kind: LetterKind) -> list[Letter]:
    """The letters of a kind, oldest first."""
    return await Letter.filter(kind=kind).order_by("id")


async def addresses(letter: Letter) -> list[tuple[str | None, str]]:
    """The addresses of a letter, each with the language of its mail."""
    return [
        (delivery.address, delivery.language) for delivery in await Delivery.filter(letter_id=letter.id).order_by("id")
    ]
