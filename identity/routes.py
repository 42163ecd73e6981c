"""Signing in at the identity provider, coming back, and signing out."""

from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from identity import cookies, pages, sessions
from identity.claims import person_claims
from identity.local_path import HOME, local_path
from identity.origin import from_our_pages
from identity.people import person_signing_in
from identity.provider import CALLBACK, provider
from identity.public_address import redirect_to_public_address
from identity.refusals import (
    ProviderUnavailableError,
    SignInDeniedError,
    SignInLostError,
    UntrustedAnswerError,
    UnusableClaimsError,
)
from identity.sign_in import LIFETIME, SignIn

log = structlog.get_logger()

EXPLANATIONS: Final = {
    SignInLostError: pages.LOST,
    SignInDeniedError: pages.DENIED,
    UntrustedAnswerError: pages.UNTRUSTED,
    UnusableClaimsError: pages.UNUSABLE,
    ProviderUnavailableError: pages.UNAVAILABLE,
}
REFUSALS: Final = tuple(EXPLANATIONS)


def routes() -> list[Route]:
    """The addresses of signing in and out."""
    return [
        Route("/signin", sign_in),
        Route(CALLBACK, sign_in_callback),
        Route("/signout", sign_out, methods=["POST"]),
    ]


async def sign_in(request: Request) -> Response:
    """`GET /signin?next=/…`: off to the identity provider, which sends back to the address that is set."""
    elsewhere = redirect_to_public_address(request)
    if elsewhere is not None:
        return elsewhere
    begun = SignIn.begun(local_path(request.query_params.get("next")))
    try:
        response = _redirect(await provider().authorization_address(begun))
    except REFUSALS as refusal:
        return _explained(refusal, begun.next)
    cookies.write(response, "signin", begun.sealed(), seconds=LIFETIME)
    return response


async def sign_in_callback(request: Request) -> Response:
    """`GET /signin/callback`: back from there; a session begins, and any that the browser had ends."""
    next_path = HOME
    try:
        begun = SignIn.opened(cookies.read(request, "signin"))
        next_path = begun.next
        begun.check_state(request.query_params.get("state"))
        user_id = await _signed_in(request, begun)
    except REFUSALS as refusal:
        return _explained(refusal, next_path)
    token = await sessions.begin(user_id, cookies.read(request, "session"))
    log.info("signed_in", user=user_id)
    response = _redirect(next_path)
    cookies.delete(response, "signin")
    cookies.write(response, "session", token)
    return response


async def sign_out(request: Request) -> Response:
    """`POST /signout`: the session ends, here and in the browser."""
    if not from_our_pages(request):
        return pages.page(pages.FOREIGN)
    token = cookies.read(request, "session")
    if token is not None:
        await sessions.end(token)
    response = _redirect(HOME)
    cookies.delete(response, "session")
    return response


async def _signed_in(request: Request, begun: SignIn) -> int:
    answer = request.query_params
    await provider().check_issuer(answer.get("iss"))
    if "error" in answer:
        raise SignInDeniedError("the provider answered with an error")
    claims = await provider().claims_for(answer.get("code", ""), begun)
    user = await person_signing_in(person_claims(claims))
    return int(user.id)


def _explained(refusal: Exception, next_path: str) -> Response:
    log.warning("sign_in_failed", refusal=type(refusal).__name__, cause=str(refusal))
    return pages.page(EXPLANATIONS[type(refusal)], next_path=next_path)


def _redirect(address: str) -> Response:
    return RedirectResponse(address, 303, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
