"""The statuses of a delivery, apart from the models, for commands that name them without loading any."""

from enum import StrEnum
from typing import Final


class DeliveryStatus(StrEnum):
    """The status of one mail. Uncertain: the connection was lost after the final dot."""

    PENDING = "PENDING"
    SENDING = "SENDING"
    SENT = "SENT"
    FAILED = "FAILED"
    BOUNCED = "BOUNCED"
    UNCERTAIN = "UNCERTAIN"


UNDELIVERED: Final = (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED)
"""The final statuses of mails that reached nobody."""
