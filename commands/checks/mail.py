"""Does the mail server take a connection, with the TLS and the login of the settings? Nothing is sent."""

import re
from collections.abc import AsyncIterator
from typing import Final

from commands.checks.finding import Finding
from settings import Settings
from workers.smtp.errors import LoginRefusedError, UnreachableError
from workers.smtp.session import SmtpSession

VARIABLE: Final = "SMTP_HOST"


async def check_mail(settings: Settings) -> AsyncIterator[Finding]:
    """Checks the mail server of the settings."""
    session = SmtpSession(settings)
    try:
        await session.ensure_ready()
    except LoginRefusedError:
        yield Finding(
            "SMTP_USER", "The mail server refuses the login.", "Set SMTP_USER and SMTP_PASSWORD as it knows them."
        )
    except UnreachableError as error:
        problem = f"No mail can be given to {settings.smtp_host}:{settings.smtp_port} ({error})."
        yield Finding(VARIABLE, problem, "Set SMTP_HOST, SMTP_PORT and SMTP_TLS (starttls, tls or none) as it listens.")
    finally:
        await session.quit()
    client_name = session.client_name
    if client_name and not re.search("[.:]", client_name) and settings.environment == "production":
        problem = f"The mail server is greeted as {client_name}, and many refuse every mail of a name without a domain."
        yield Finding("SMTP_CLIENT_NAME", problem, "Set it to this machine's full name.", is_error=False)
    if settings.smtp_tls == "none" and settings.environment == "production":
        yield Finding(
            "SMTP_TLS", "Mails and the login cross the network in the clear.", "Set starttls or tls.", is_error=False
        )
