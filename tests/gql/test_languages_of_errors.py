"""Top-level errors are in the language of the request, over every transport; without one, in Dutch."""

from typing import Any

import orjson
import pytest
from graphql import GraphQLError
from starlette.requests import Request

from domain.actor import NOBODY
from gql.errors import format_error
from gql.http.faults import BearerTokenInvalid
from gql.http.responses import fault_response
from gql.limits.faults import BudgetExhausted, TooManyObjects
from gql.live.connections import INTERRUPTED, SESSION_ENDED, TOO_SLOW, UNAUTHENTICATED
from gql.live.faults import SubscribedObjectNotFound, TooManyConnections
from gql.localised_messages import localised_message
from gql.reading.faults import InvalidCursor
from gql.reading.ids import global_id
from gql.roots import Unauthenticated
from tests import rows
from tests.gql.execution import REQUEST_ID, execute_operation, person
from tests.gql.http_client import browser, only_error, post, sign_in
from tests.gql.live.live_api import ACTION, LiveApi, live_api
from tests.gql.reading.engine_execution import enable_engine
from wording import LANGUAGES

pytestmark = pytest.mark.usefixtures("environment")
SIGN_IN = {
    None: "Meld u eerst aan: dit is enkel toegankelijk voor bekende personen en systemen.",
    "nl-BE": "Meld u eerst aan: dit is enkel toegankelijk voor bekende personen en systemen.",
    "fr-BE, nl;q=0.5": (
        "Identifiez-vous d'abord\N{NO-BREAK SPACE}: ceci est réservé aux personnes et aux systèmes connus."
    ),
    "en": "Sign in first: this is for people and systems that are known.",
    "de": "Melden Sie sich zuerst an: Dies ist bekannten Personen und Systemen vorbehalten.",
}
BOTH_ENDS = {
    "nl": "Geef `first` of `last` op, niet beide.",
    "fr": "Indiquez `first` ou `last`, pas les deux.",
    "en": "Give `first` or `last`, not both.",
    "de": "Geben Sie `first` oder `last` an, nicht beides.",
}
INVALID_DAY = {
    "nl": "Er wordt een bestaande dag verwacht, zoals 2026-11-23.",
    "fr": "Un jour existant est attendu, tel que 2026-11-23.",
    "en": "A day that exists is expected, such as 2026-11-23.",
    "de": "Erwartet wird ein Tag, den es gibt, wie 2026-11-23.",
}
NOT_FOUND = {
    None: "Er is geen dergelijk object dat u mag volgen.",
    "fr": "Il n'existe aucun objet de ce type que vous puissiez suivre.",
    "en": "There is no such object that you may follow.",
    "de": "Es gibt kein solches Objekt, dem Sie folgen dürfen.",
}


@pytest.mark.parametrize(
    ("error", "language", "code", "message"),
    [
        (Unauthenticated(), "nl", "UNAUTHENTICATED", SIGN_IN[None]),
        (SubscribedObjectNotFound(), "de", "NOT_FOUND", NOT_FOUND["de"]),
        (
            TooManyObjects(1_010_101, 250_000),
            "nl",
            "TOO_EXPENSIVE",
            (
                "De bewerking telt 1.010.101 objecten om te lezen; hoogstens 250.000 zijn toegestaan."
                " Vraag kleinere pagina's."
            ),
        ),
        (
            BudgetExhausted(250_000, 10_000_000, 42),
            "de",
            "RATE_LIMITED",
            (
                "Höchstens 10.000.000 Objekte können pro Minute abgefragt werden, und davon sind für die 250.000 dieser"
                " Operation zu wenige übrig. Versuchen Sie es in 42 s erneut."
            ),
        ),
        (InvalidCursor(argument="after"), "en", "BAD_INPUT", InvalidCursor(argument="after").message),
        (
            GraphQLError("geheim", original_error=RuntimeError("geheim")),
            "nl",
            "INTERNAL",
            "Er ging iets mis aan onze kant. Geef het nummer van de aanvraag door aan de helpdesk.",
        ),
        (
            GraphQLError("geheim", original_error=RuntimeError("geheim")),
            "fr",
            "INTERNAL",
            "Un problème s'est produit de notre côté. Communiquez le numéro de la requête au helpdesk.",
        ),
        # Messages of the library are not translated.
        (
            GraphQLError("Cannot query field 'x' on type 'Query'."),
            "nl",
            "BAD_INPUT",
            "Cannot query field 'x' on type 'Query'.",
        ),
    ],
)
def test_an_error_is_formatted_in_the_language(error: GraphQLError, language: str, code: str, message: str):
    formatted = format_error(error, REQUEST_ID, language)

    assert (formatted["message"], formatted["extensions"]["code"]) == (message, code)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("accepted", "message"), SIGN_IN.items())
async def test_a_request_is_refused_in_its_preferred_language(accepted: str | None, message: str):
    async with browser(accepted) as client:
        response = await post(client, "{ themes { id } }")

    assert only_error(response)["message"] == message


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("accepted", "message"),
    [
        (None, "De aanvraag is langer dan de toegestane 1.000.000 bytes."),
        ("fr", "La requête dépasse les 1.000.000 octets autorisés."),
        ("en", "The request is longer than the 1,000,000 bytes allowed."),
        ("de", "Die Anfrage ist länger als die erlaubten 1.000.000 Bytes."),
    ],
)
async def test_a_too_long_request_is_refused_in_its_preferred_language(accepted: str | None, message: str):
    async with browser(accepted) as client:
        response = await client.post("/graphql", content=b" " * 1_000_001)

    assert only_error(response)["message"].replace("\N{NARROW NO-BREAK SPACE}", ".") == message


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ([], "Het bearer-token is niet geldig. Vraag een nieuw token aan bij de identiteitsprovider."),
        (
            [(b"accept-language", b"de")],
            "Das Bearer-Token ist nicht gültig. Fordern Sie beim Identitätsanbieter ein neues an.",
        ),
    ],
)
def test_an_invalid_token_is_refused_in_the_preferred_language(headers: list[Any], message: str):
    request = Request({"type": "http", "method": "POST", "headers": headers, "state": {"request_id": REQUEST_ID}})

    response = fault_response(request, BearerTokenInvalid())

    assert response.status_code == 401
    assert orjson.loads(response.body) == {
        "errors": [{"message": message, "extensions": {"code": "UNAUTHENTICATED", "requestId": REQUEST_ID}}]
    }


CONTRACTS = """query ($id: ID!, $last: Int) { node(id: $id) { ... on Organisation {
  contracts(first: 1, last: $last) { totalCount } } } }"""


@pytest.mark.usefixtures("database")
async def test_a_cached_operation_is_refused_in_the_language_of_each_request():
    right = await rows.a_right()
    organisation = (await right.work_relation).organisation_id
    messages, variables = {}, {"id": global_id("Organisation", organisation)}
    async with enable_engine(), browser() as client:
        await sign_in(client, await (await right.work_relation).user)
        for _ in range(3):
            await client.post("/graphql", json={"query": CONTRACTS, "variables": variables})
        for language in LANGUAGES:
            body = {"query": CONTRACTS, "variables": variables | {"last": 1}}
            response = await client.post("/graphql", json=body, headers={"accept-language": language})
            messages[language] = only_error(response)["message"]

    assert messages == BOTH_ENDS


@pytest.mark.usefixtures("database")
async def test_a_cached_validation_error_is_in_the_language_of_each_request():
    # The errors of a document are cached.
    document = '{ node(id: "x") { ... on Contract { access(asOf: "2026-02-30") { totalCount } } } }'

    results = {language: await execute_operation(NOBODY, document, language=language) for language in LANGUAGES}

    assert {language: result.errors[0]["message"] for language, result in results.items()} == INVALID_DAY


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_invalid_variable_is_named_by_the_library_and_explained_in_the_language(language: str):
    document = 'query ($day: Date) { node(id: "x") { ... on Contract { access(asOf: $day) { totalCount } } } }'

    result = await execute_operation(person(await rows.a_user()), document, language=language, day="2026-02-30")

    assert [error["message"] for error in result.errors] == [
        f"Variable '$day' has invalid value: {INVALID_DAY[language]}"
    ]


async def event_stream_error(api: LiveApi, headers: dict[str, str], body: dict[str, Any]) -> str:
    """The message of the error with which an event stream is refused."""
    async with api.client(headers | {"accept": "text/event-stream"}) as client:
        response = await client.post("/graphql", json=body)
    [data] = [line for line in response.text.splitlines() if line.startswith("data: {")]
    [error] = orjson.loads(data.removeprefix("data: "))["errors"]
    return str(error["message"])


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("accepted", "message"), NOT_FOUND.items())
async def test_a_subscription_is_refused_in_the_language_of_its_handshake(accepted: str | None, message: str):
    body = {"query": ACTION, "variables": {"id": "x"}}
    # An empty header names no language.
    language = {"accept-language": accepted or ""}
    async with live_api() as api:
        headers = await api.session_headers(await rows.a_user()) | language
        async with api.socket(headers) as subscriber:
            await subscriber.initialise()
            await subscriber.send(type="subscribe", id="1", payload=body)
            [error] = (await subscriber.receive())["payload"]
        over_http = await event_stream_error(api, headers, body)

    assert (error["message"], over_http) == (message, message)


@pytest.mark.usefixtures("database")
async def test_a_connection_is_closed_in_the_language_of_its_handshake():
    async with live_api() as api, api.socket({"accept-language": "fr"}) as subscriber:
        await subscriber.send(type="connection_init", payload={})
        close_reason = await subscriber.wait_closed()

    assert close_reason == (
        4401,
        "Identifiez-vous d'abord, ou fournissez un jeton bearer dans la payload de connection_init.",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_close_reasons_fit_into_a_websocket_close_frame(language: str):
    too_many = TooManyConnections(1_000)
    reasons = [
        (reason.message_template, reason.facts) for reason in (INTERRUPTED, TOO_SLOW, UNAUTHENTICATED, SESSION_ENDED)
    ]
    texts = [localised_message(language, *reason) for reason in (*reasons, (too_many.message_template, too_many.facts))]

    assert [text for text in texts if len(text.encode()) > 123] == []
