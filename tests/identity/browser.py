"""A browser that signs in step by step, so that a test can change any step."""

from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import httpx


class Form(HTMLParser):
    """The fields of a form, and the values of its buttons by their names."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.buttons: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "input":
            self.fields[attributes["name"]] = attributes["value"]
        elif tag == "button":
            self.buttons.setdefault(attributes["name"], []).append(attributes["value"])


class Browser(httpx.AsyncClient):
    """A client that keeps cookies, follows no redirect, and records the URL of every request and redirect."""

    def __init__(self, application: str) -> None:
        self.urls: list[str] = []
        super().__init__(
            timeout=60,
            trust_env=False,
            event_hooks={"request": [self._record_request], "response": [self._record_redirect]},
        )
        self.application = application

    async def _record_request(self, request: httpx.Request) -> None:
        self.urls.append(str(request.url))

    async def _record_redirect(self, response: httpx.Response) -> None:
        self.urls.append(response.headers.get("location", ""))

    async def start_sign_in(self, next_path: str | None = None) -> str:
        """Starts a sign-in; returns the URL of the authorization request."""
        parameters = {} if next_path is None else {"next": next_path}
        response = await self.get(f"{self.application}/signin", params=parameters)
        assert response.status_code == 303, response.text
        return response.headers["location"]

    async def choose_person(self, authorization_url: str, persona: str) -> str:
        """Chooses a person on the provider's page; returns the URL of the callback."""
        page = await self.get(authorization_url)
        assert page.status_code == 200, page.text
        form = read_form(page.text)
        response = await self.post(
            httpx.URL(authorization_url).join("/authorize"), data=form.fields | {"persona": persona}
        )
        assert response.status_code == 303, response.text
        return response.headers["location"]

    async def sign_in(self, persona: str, next_path: str | None = None) -> httpx.Response:
        """Signs in; returns the response of the callback."""
        return await self.get(await self.choose_person(await self.start_sign_in(next_path), persona))

    async def whoami(self) -> dict[str, object]:
        """The actor of this browser's requests."""
        actor: dict[str, object] = (await self.get(f"{self.application}/whoami")).json()
        return actor


def read_form(page: str) -> Form:
    """The form of a page."""
    form = Form()
    form.feed(page)
    return form


def with_parameters(url: str, **parameters: str | None) -> str:
    """The URL with some of its parameters changed; None removes one."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query)) | parameters
    return urlunsplit(parts._replace(query=urlencode({name: value for name, value in query.items() if value})))
