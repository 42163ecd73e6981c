"""The routes of signing in and out."""

from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from identity import cookies, pages, sessions
from identity.claims import person_claims
from identity.local_path import HOME, local_path
from identity.origin import is_same_origin
from identity.people import update_user
from identity.provider import CALLBACK, provider
from identity.public_address import redirect_to_public_address
from identity.refusals import (
    ProviderUnavailableError,
    SignInDeniedError,
    SignInLostError,
    UntrustedResponseError,
    UnusableClaimsError,
)
from identity.sign_in import LIFETIME, SignIn

log = structlog.get_logger()

ERROR_PAGES: Final = {
    SignInLostError: pages.LOST,
    SignInDeniedError: pages.DENIED,
    UntrustedResponseError: pages.UNTRUSTED,
    UnusableClaimsError: pages.UNUSABLE,
    ProviderUnavailableError: pages.UNAVAILABLE,
}
REFUSALS: Final = tuple(ERROR_PAGES)


def routes() -> list[Route]:
    """The routes."""
    return [
        Route("/signin", sign_in),
        Route(CALLBACK, sign_in_callback),
        Route("/signout", sign_out, methods=["POST"]),
    ]


async def sign_in(request: Request) -> Response:
    """`GET /signin?next=/…`: redirects to the identity provider, which redirects to the public address."""
    redirect = redirect_to_public_address(request)
    if redirect is not None:
        return redirect
    pending = SignIn.start(local_path(request.query_params.get("next")))
    try:
        response = _redirect(await provider().authorization_url(pending))
    except REFUSALS as refusal:
        return _error_page(refusal, pending.next)
    cookies.write(response, "signin", pending.to_cookie(), seconds=LIFETIME)
    return response


async def sign_in_callback(request: Request) -> Response:
    """`GET /signin/callback`: finishes the sign-in; begins a session, and ends the one that the browser had."""
    next_path = HOME
    try:
        pending = SignIn.from_cookie(cookies.read(request, "signin"))
        next_path = pending.next
        pending.check_state(request.query_params.get("state"))
        user_id = await _authenticate(request, pending)
    except REFUSALS as refusal:
        return _error_page(refusal, next_path)
    token = await sessions.begin(user_id, cookies.read(request, "session"))
    log.info("signed_in", user=user_id)
    response = _redirect(next_path)
    cookies.delete(response, "signin")
    cookies.write(response, "session", token)
    return response


async def sign_out(request: Request) -> Response:
    """`POST /signout`: ends the session, here and in the browser."""
    if not is_same_origin(request):
        return pages.page(pages.CROSS_SITE)
    token = cookies.read(request, "session")
    if token is not None:
        await sessions.end(token)
    response = _redirect(HOME)
    cookies.delete(response, "session")
    return response


async def _authenticate(request: Request, pending: SignIn) -> int:
    parameters = request.query_params
    await provider().check_issuer(parameters.get("iss"))
    if "error" in parameters:
        raise SignInDeniedError("the provider responded with an error")
    claims = await provider().exchange_code(parameters.get("code", ""), pending)
    user = await update_user(person_claims(claims))
    return int(user.id)


def _error_page(refusal: Exception, next_path: str) -> Response:
    log.warning("sign_in_failed", refusal=type(refusal).__name__, cause=str(refusal))
    return pages.page(ERROR_PAGES[type(refusal)], next_path=next_path)


def _redirect(url: str) -> Response:
    return RedirectResponse(url, 303, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
