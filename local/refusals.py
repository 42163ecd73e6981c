"""Why the local stack cannot go on, in a sentence that a person can act on."""


class LocalStackError(Exception):
    """The local stack cannot start or go on; its text tells a person what to do about it."""
