"""What a mail says around its facts: written once for all mails of one shape, then only filled in.

Two mails have one shape when they are of one kind, in one language, and the same facts are there: whatever a template
or a catalogue can ask about. What a text says is none of that, so a template never asks it; a number is, since words
depend on it.
"""

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from itertools import count
from typing import Any, Final, Self

from domain.models.user import Language
from mail_templates.days_and_lists import long_day
from mail_templates.plain import one_line

TEXT: Final = "…"
"""What stands in a shape for a text, whatever it says."""
_PLACE: Final = re.compile("\ue000([0-9]+)\ue001")


class Named(tuple[tuple[str, Hashable], ...]):
    """The shape of facts that have names."""

    __slots__ = ()


class Reading:
    """Facts, taken apart into their shape and their texts, in the order in which they stand.

    Attributes:
        shape: What is there.
        texts: What it says, each on one line.
    """

    def __init__(self, facts: Any, language: Language) -> None:
        self._language = language
        self.texts: list[str] = []
        self.shape = self._shape(facts)

    def _shape(self, value: Any) -> Hashable:
        # Most facts are texts, and trying one pattern after another takes longer than all the rest.
        if type(value) is str:
            return self._text(value)
        match value:
            case None | Enum() | int():
                return value
            case date():
                return self._text(long_day(value, self._language))
            case dict():
                return self._shape(value[self._language])
            case tuple():
                return tuple(self._shape(each) for each in value)
        return Named([(name, self._shape(getattr(value, name))) for name in _names(value.__class__)])

    def _text(self, text: str) -> str:
        self.texts.append(one_line(text))
        return TEXT


@cache
def _names(kind: type) -> tuple[str, ...]:
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is no kind of fact.")
    return tuple(field.name for field in fields(kind))


def named_places(shape: Hashable) -> Any:
    """What a template gets for facts of a shape: a mark for each text, by the same names."""
    return _placed(shape, count())


def _placed(shape: Hashable, numbers: Iterator[int]) -> Any:
    match shape:
        case str() if shape is TEXT:
            return f"\ue000{next(numbers)}\ue001"
        case Named():
            return {name: _placed(each, numbers) for name, each in shape}
        case tuple():
            return tuple(_placed(each, numbers) for each in shape)
    return shape


class Mould:
    """A text with places for facts."""

    def __init__(self, parts: Sequence[str]) -> None:
        """Takes it as it lies between the places, each second part being a place's number."""
        self._parts = tuple(parts)
        self._places = tuple(int(number) for number in parts[1::2])

    @classmethod
    def of(cls, written: str) -> Self:
        """What a template wrote about the marks of `named_places`."""
        return cls(_PLACE.split(written))

    def filled(self, texts: Sequence[str]) -> str:
        """The text with a fact in each place."""
        parts = list(self._parts)
        parts[1::2] = [texts[place] for place in self._places]
        return "".join(parts)
