"""Error pages for people: what happened, in Dutch, and a link back."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from settings import settings

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
)


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """The content of an error page.

    Attributes:
        status: The HTTP status.
        title: What happened.
        text: What to do.
    """

    status: int
    title: str
    text: str


LOST: Final = ErrorPage(
    400,
    "Uw aanmelding is niet afgerond",
    "Ze is verlopen, of ze werd in een ander venster of een andere browser begonnen. Meld u opnieuw aan.",
)
DENIED: Final = ErrorPage(
    403, "U bent niet aangemeld", "Het aanmelden werd afgebroken, of de aanmelddienst heeft u niet toegelaten."
)
UNTRUSTED: Final = ErrorPage(
    502,
    "Het aanmelden is mislukt",
    "Het antwoord van de aanmelddienst klopt niet of is te oud. Meld u opnieuw aan.",
)
UNUSABLE: Final = ErrorPage(
    403,
    "Wij kunnen u niet herkennen",
    "De aanmelddienst heeft niet alle gegevens doorgegeven die nodig zijn om u te herkennen: uw naam en uw"
    " rijksregisternummer.",
)
UNAVAILABLE: Final = ErrorPage(
    503,
    "De aanmelddienst antwoordt niet",
    "Aanmelden is op dit ogenblik niet mogelijk. Probeer het over enkele minuten opnieuw.",
)
CROSS_SITE: Final = ErrorPage(
    403,
    "U bent niet afgemeld",
    "De vraag om u af te melden kwam van een andere website en werd daarom niet uitgevoerd.",
)


def internal_error(request_id: str) -> ErrorPage:
    """The page of an internal error: the request's id, and no detail."""
    return ErrorPage(
        500,
        "Er ging iets mis aan onze kant",
        f"Probeer het opnieuw, of geef dit nummer door aan de helpdesk: {request_id}.",
    )


def page(error: ErrorPage, *, next_path: str | None = None) -> HTMLResponse:
    """The response; with `next_path` it offers to sign in again and to continue there."""
    configuration = settings()
    home = configuration.public_url
    nonce = secrets.token_urlsafe(16)
    content = _TEMPLATES.get_template("error.html").render(
        title=error.title,
        text=error.text,
        home=f"{home}/",
        again=None if next_path is None else f"{home}/signin?{urlencode({'next': next_path})}",
        helpdesk_address=configuration.helpdesk_address,
        helpdesk_phone=configuration.helpdesk_phone,
        nonce=nonce,
    )
    return HTMLResponse(content, error.status, _headers(nonce))


def _headers(nonce: str) -> dict[str, str]:
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src 'nonce-{nonce}'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
