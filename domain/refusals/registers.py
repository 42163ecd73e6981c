"""Refusals about look-ups in the national registers."""

from datetime import timedelta
from math import ceil

from domain.refusals.kinds import ErrorCode, Refusal


class NationalNumberInvalid(Refusal):
    """The text is no national register number or BIS number; the message never repeats it."""

    message = "This is not a national register number. Check its eleven digits."


class PersonUnknown(Refusal):
    """The person register knows nobody with this number."""

    code = ErrorCode.NOT_FOUND
    message = "The person register knows nobody with this number. Check it."


class PersonRegisterUnavailable(Refusal):
    """The person register gives no usable response."""

    code = ErrorCode.UNAVAILABLE
    message = "The person register doesn't answer now. Nothing was changed; try again later."


class EnterpriseUnknown(Refusal):
    """The enterprise register knows no organisation with this number."""

    code = ErrorCode.NOT_FOUND
    message = "The enterprise register knows no organisation with this number. Check it."


class EnterpriseRegisterUnavailable(Refusal):
    """The enterprise register gives no usable response."""

    code = ErrorCode.UNAVAILABLE
    message = "The enterprise register doesn't answer now. Nothing was changed; try again later."


class RateLimited(Refusal):
    """People were looked up or added too often.

    Attributes:
        maximum: The maximum number in any period of the limit's length.
        wait: The whole seconds after which the next one is possible.
    """

    code = ErrorCode.UNAVAILABLE
    message = "This is possible at most {maximum} times in {hours} h. Try again in {minutes} min."

    def __init__(self, maximum: int, period: timedelta, wait: timedelta) -> None:
        minutes = ceil(wait / timedelta(minutes=1))
        super().__init__(maximum=maximum, hours=period // timedelta(hours=1), minutes=minutes)
        self.maximum = maximum
        self.wait = ceil(wait.total_seconds())
