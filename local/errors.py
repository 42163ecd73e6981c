"""Errors of the local stack, worded for its user."""


class LocalStackError(Exception):
    """The local stack can't start or go on; its message says what to do about it."""
