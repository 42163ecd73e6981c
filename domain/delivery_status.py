"""What can become of a mail. It stands apart from the models, for commands that name it before they need any."""

from enum import StrEnum
from typing import Final


class DeliveryStatus(StrEnum):
    """What became of one mail. Uncertain: the connection was lost after the final dot."""

    PENDING = "PENDING"
    SENDING = "SENDING"
    SENT = "SENT"
    FAILED = "FAILED"
    BOUNCED = "BOUNCED"
    UNCERTAIN = "UNCERTAIN"


UNDELIVERED: Final = (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED)
"""What reached nobody, for good."""
