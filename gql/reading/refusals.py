"""Why a field isn't read."""


class BadArgument(ValueError):  # noqa: N818  # it names what was given, as GraphQL's own errors do
    """A field can't be read with these arguments, such as those of a page; the text says what would be right."""
