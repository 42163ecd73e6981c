"""Mails rendered once per shape, with placeholders for the texts, which are then filled in for each mail.

Mails have the same shape if they are of the same kind and language, and have the same facts: everything that a template
or a catalogue may depend on. Numbers are part of the shape, since the wording depends on them. The contents of texts
are not, so templates must not test them.
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
from mail_templates.formatting import format_day
from mail_templates.sanitising import to_single_line

TEXT: Final = "…"
"""The shape of a text, whatever it says."""
_PLACEHOLDER: Final = re.compile("\ue000([0-9]+)\ue001")


class NamedShape(tuple[tuple[str, Hashable], ...]):
    """The shape of facts that have names."""

    __slots__ = ()


class FlattenedFacts:
    """Facts divided into their shape and their texts.

    Attributes:
        shape: Which facts are present.
        texts: The texts, in order, each on one line.
    """

    def __init__(self, facts: Any, language: Language) -> None:
        self._language = language
        self.texts: list[str] = []
        self.shape = self._flatten(facts)

    def _flatten(self, value: Any) -> Hashable:
        # Most facts are texts, for which matching the patterns one after another would be slow.
        if type(value) is str:
            return self._add_text(value)
        match value:
            case None | Enum() | int():
                return value
            case date():
                return self._add_text(format_day(value, self._language))
            case dict():
                return self._flatten(value[self._language])
            case tuple():
                return tuple(self._flatten(each) for each in value)
        return NamedShape([(name, self._flatten(getattr(value, name))) for name in _field_names(value.__class__)])

    def _add_text(self, text: str) -> str:
        self.texts.append(to_single_line(text))
        return TEXT


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is no kind of fact.")
    return tuple(field.name for field in fields(kind))


def with_placeholders(shape: Hashable) -> Any:
    """The facts to render a template with: those of the shape, with a numbered placeholder for each text."""
    return _with_placeholders(shape, count())


def _with_placeholders(shape: Hashable, numbers: Iterator[int]) -> Any:
    match shape:
        case str() if shape is TEXT:
            return f"\ue000{next(numbers)}\ue001"
        case NamedShape():
            return {name: _with_placeholders(each, numbers) for name, each in shape}
        case tuple():
            return tuple(_with_placeholders(each, numbers) for each in shape)
    return shape


class PrerenderedText:
    """A rendered text with placeholders."""

    def __init__(self, parts: Sequence[str]) -> None:
        """Takes the text split at its placeholders; every second part is the number of a placeholder."""
        self._parts = tuple(parts)
        self._numbers = tuple(int(number) for number in parts[1::2])

    @classmethod
    def parse(cls, rendered: str) -> Self:
        """Splits what a template rendered from the facts of `with_placeholders`."""
        return cls(_PLACEHOLDER.split(rendered))

    def fill(self, texts: Sequence[str]) -> str:
        """The text with each placeholder replaced."""
        parts = list(self._parts)
        parts[1::2] = [texts[number] for number in self._numbers]
        return "".join(parts)
