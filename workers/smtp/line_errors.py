"""What can be wrong with a line to the mail server, which no mail is to blame for by itself."""


class LineError(Exception):
    """The line is of no use now; the mail, if any, was not taken."""


class UnreachableError(LineError):
    """There is no connection to the mail server, or the server is not ready to talk."""


class LoginRefusedError(LineError):
    """The mail server wants a login, or another one."""


class BrokenOffError(LineError):
    """The line broke before the final dot."""
