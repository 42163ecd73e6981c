"""Does the mail server take a connection, with the TLS and the login of the settings? Nothing is sent."""

import re
from collections.abc import AsyncIterator
from typing import Final

from commands.checks.finding import Finding
from settings import Settings
from workers.smtp.line import Line, LoginRefusedError, UnreachableError

PLACE: Final = "SMTP_HOST"


async def check_mail(given: Settings) -> AsyncIterator[Finding]:
    """What is wrong with the mail server of the settings."""
    line = Line(given)
    try:
        await line.ready()
    except LoginRefusedError:
        yield Finding(
            "SMTP_USER", "The mail server refuses the login.", "Set SMTP_USER and SMTP_PASSWORD as it knows them."
        )
    except UnreachableError as error:
        told = f"No mail can be given to {given.smtp_host}:{given.smtp_port} ({error})."
        yield Finding(PLACE, told, "Set SMTP_HOST, SMTP_PORT and SMTP_TLS (starttls, tls or none) as it listens.")
    finally:
        await line.quit()
    if line.client_name and not re.search("[.:]", line.client_name) and given.environment == "production":
        told = (
            f"The mail server is greeted as {line.client_name}, and many refuse every mail of a name without a domain."
        )
        yield Finding("SMTP_CLIENT_NAME", told, "Set it to this machine's full name.", serious=False)
    if given.smtp_tls == "none" and given.environment == "production":
        yield Finding(
            "SMTP_TLS", "Mails and the login cross the network in the clear.", "Set starttls or tls.", serious=False
        )
