"""Failures of a session with the mail server that say nothing about the mail itself."""


class SessionError(Exception):
    """The session can't be used now; the mail being sent, if any, was not accepted."""


class UnreachableError(SessionError):
    """The mail server can't be reached, or isn't ready to serve."""


class LoginRefusedError(SessionError):
    """The mail server requires a login, or refuses the configured one."""


class TransactionAbortedError(SessionError):
    """The connection was lost before the final dot of the mail being sent."""
