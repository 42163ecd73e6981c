"""What a person does with a browser to sign in, step by step, so that a test can go wrong at any of them."""

from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import httpx


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.buttons: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input":
            self.fields[given["name"]] = given["value"]
        elif tag == "button":
            self.buttons.setdefault(given["name"], []).append(given["value"])


class Browser(httpx.AsyncClient):
    """Keeps cookies, follows nothing by itself, and remembers every address that it asked for or was sent to."""

    def __init__(self, application: str) -> None:
        self.addresses: list[str] = []
        super().__init__(
            timeout=60, trust_env=False, event_hooks={"request": [self._asked], "response": [self._answered]}
        )
        self.application = application

    async def _asked(self, request: httpx.Request) -> None:
        self.addresses.append(str(request.url))

    async def _answered(self, response: httpx.Response) -> None:
        self.addresses.append(response.headers.get("location", ""))

    async def begin(self, next_path: str | None = None) -> str:
        """Asks to sign in; gives the provider's address."""
        parameters = {} if next_path is None else {"next": next_path}
        response = await self.get(f"{self.application}/signin", params=parameters)
        assert response.status_code == 303, response.text
        return response.headers["location"]

    async def choose(self, address: str, persona: str) -> str:
        """Chooses a person on the provider's page; gives the address of the way back."""
        shown = await self.get(address)
        assert shown.status_code == 200, shown.text
        form = read_form(shown.text)
        response = await self.post(httpx.URL(address).join("/authorize"), data=form.fields | {"persona": persona})
        assert response.status_code == 303, response.text
        return response.headers["location"]

    async def sign_in(self, persona: str, next_path: str | None = None) -> httpx.Response:
        """All of it; gives the last answer."""
        return await self.get(await self.choose(await self.begin(next_path), persona))

    async def who(self) -> dict[str, object]:
        """Whom the application takes this browser's person for."""
        answer: dict[str, object] = (await self.get(f"{self.application}/who")).json()
        return answer


def read_form(page: str) -> _Form:
    """The form of a page."""
    form = _Form()
    form.feed(page)
    return form


def changed(address: str, **parameters: str | None) -> str:
    """The address with other parameters; None takes one away."""
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query)) | parameters
    return urlunsplit(parts._replace(query=urlencode({name: value for name, value in query.items() if value})))
