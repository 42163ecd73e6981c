"""Which of our languages a reader prefers."""

from babel.core import negotiate_locale

from wording import DEFAULT, LANGUAGES


def preferred_language(accept_language: str | None) -> str:
    """The best of `nl`, `fr`, `en` and `de` for an Accept-Language header (RFC 9110); Dutch failing one."""
    weighted = [_weighted(part) for part in (accept_language or "").split(",") if part.strip()]
    # Equal weights keep their order.
    asked = [tag for tag, weight in sorted(weighted, key=lambda each: -each[1]) if weight > 0]
    # What is negotiated comes back as it was written.
    return (negotiate_locale(asked, LANGUAGES, sep="-") or DEFAULT).lower()


def _weighted(part: str) -> tuple[str, float]:
    tag, _, parameter = part.strip().partition(";")
    name, _, weight = parameter.strip().partition("=")
    try:
        return tag.strip(), float(weight) if name.strip() == "q" else 1.0
    except ValueError:
        return tag.strip(), 0.0
