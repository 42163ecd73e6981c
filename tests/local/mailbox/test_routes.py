import os
import re
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from local.mailbox.maildir import arrived_mails, create_maildir, store_mail
from local.mailbox.routes import mailbox_routes

HTML = '<html><head><title>Mail</title></head><body><p>Dag <a href="https://example.be/x">Jan</a></p></body></html>'


def mail(subject: str = "Nieuw dossierstuk <b>één</b>", html: str | None = HTML) -> bytes:
    message = EmailMessage()
    message["From"] = "Departement MOW <no-reply@example.be>"
    message["To"] = "an@example.be"
    message["Subject"] = subject
    message["Date"] = "Mon, 23 Nov 2026 18:00:00 +0000"
    message["Message-ID"] = "<1@example.be>"
    message.set_content("Dag één & Jan\n")
    if html is not None:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    create_maildir(tmp_path)
    return tmp_path


@pytest.fixture
async def browser(maildir: Path) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Starlette(routes=mailbox_routes(maildir)))
    async with httpx.AsyncClient(transport=transport, base_url="http://demo") as client:
        yield client


@pytest.fixture
def key(maildir: Path) -> str:
    store_mail(maildir, mail(), "no-reply@example.be", "an@example.be")
    [arrived] = arrived_mails(maildir)
    return arrived.key


def only_file(maildir: Path) -> Path:
    [file] = maildir.glob("new/*")
    return file


async def test_an_empty_mailbox_says_so(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/mailbox")
    assert page.status_code == 200
    assert "Nog geen e-mails." in page.text


async def test_before_the_first_start_of_the_sink_there_is_an_empty_list(tmp_path: Path) -> None:
    assert arrived_mails(tmp_path / "mail") == []


async def test_the_list_shows_the_newest_mail_first_and_escapes_its_headers(
    browser: httpx.AsyncClient, maildir: Path
) -> None:
    for number in range(3):
        store_mail(maildir, mail(f"<i>{number}</i>"), "no-reply@example.be", f"an{number}@example.be")

    page = (await browser.get("/mailbox")).text

    assert re.findall(r"an\d@example.be", page) == ["an2@example.be", "an1@example.be", "an0@example.be"]
    assert re.findall(r"&lt;i&gt;(\d)&lt;/i&gt;", page) == ["2", "1", "0"]
    assert "<i>" not in page
    assert "Departement MOW" in page


async def test_the_time_of_arrival_is_shown_in_brussels_time(
    browser: httpx.AsyncClient, maildir: Path, key: str
) -> None:
    os.utime(only_file(maildir), (1_782_900_000, 1_782_900_000))  # 2026-07-01T10:00:00Z

    assert "wo 1 jul 2026, 12:00:00" in (await browser.get("/mailbox")).text
    assert "wo 1 jul 2026, 12:00:00" in (await browser.get(f"/mailbox/{key}")).text


async def test_a_long_list_continues_on_the_next_page(browser: httpx.AsyncClient, maildir: Path) -> None:
    for number in range(51):
        store_mail(maildir, mail(), "no-reply@example.be", f"an{number}@example.be")

    first, second = (await browser.get("/mailbox")).text, (await browser.get("/mailbox?page=2")).text

    assert first.count("<tr>") - 1 == 50
    assert 'href="/mailbox?page=2"' in first
    assert re.findall(r"an\d+@example.be", second) == ["an0@example.be"]
    assert 'href="/mailbox?page=1"' in second


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 5000, "²"])
async def test_an_invalid_page_number_gives_the_first_page(browser: httpx.AsyncClient, key: str, page: str) -> None:
    response = await browser.get("/mailbox", params={"page": page})
    assert response.status_code == 200
    assert key in response.text


async def test_a_mail_is_shown_rendered_in_a_sandboxed_frame(browser: httpx.AsyncClient, key: str) -> None:
    page = (await browser.get(f"/mailbox/{key}")).text
    assert "Nieuw dossierstuk &lt;b&gt;één&lt;/b&gt;" in page
    [frame] = re.findall("<iframe [^>]*>", page)
    assert f'src="/mailbox/{key}/html"' in frame
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in frame


async def test_a_mail_without_html_is_shown_as_plain_text(browser: httpx.AsyncClient, maildir: Path) -> None:
    store_mail(maildir, mail(html=None), "no-reply@example.be", "an@example.be")
    [arrived] = arrived_mails(maildir)

    page = (await browser.get(f"/mailbox/{arrived.key}")).text

    assert f'src="/mailbox/{arrived.key}/text"' in page
    assert "Opgemaakt" not in page
    assert (await browser.get(f"/mailbox/{arrived.key}/html")).status_code == 404


async def test_each_view_has_a_url(browser: httpx.AsyncClient, maildir: Path, key: str) -> None:
    html = await browser.get(f"/mailbox/{key}/html")
    text = await browser.get(f"/mailbox/{key}/text")
    headers = await browser.get(f"/mailbox/{key}/headers")
    source = await browser.get(f"/mailbox/{key}/source")

    assert html.text == HTML.replace("<head>", '<head><base target="_blank">') + "\n"
    assert text.text == "Dag één & Jan\n"
    assert "Subject: Nieuw dossierstuk <b>één</b>" in headers.text.splitlines()
    assert "Delivered-To: an@example.be" in headers.text.splitlines()
    assert source.content == only_file(maildir).read_bytes()
    assert html.headers["content-type"] == "text/html; charset=utf-8"
    for plain in (text, headers, source):
        assert plain.headers["content-type"] == "text/plain; charset=utf-8"


async def test_a_mail_may_load_and_run_nothing(browser: httpx.AsyncClient, key: str) -> None:
    policy = (await browser.get(f"/mailbox/{key}/html")).headers["content-security-policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert not any("script" in word or "http" in word for word in policy)


@pytest.mark.parametrize("path", ["", "/style.css", "/{key}", "/{key}/html", "/{key}/source", "/unknown"])
async def test_every_response_has_security_headers(browser: httpx.AsyncClient, key: str, path: str) -> None:
    response = await browser.get("/mailbox" + path.format(key=key))
    assert response.headers["content-security-policy"].startswith("default-src 'none'; ")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "<script" not in response.text


@pytest.mark.parametrize("key", ["unknown", "..", "%2e%2e", "..%2Fnew", "unknown/html"])
async def test_an_unknown_mail_is_not_found(browser: httpx.AsyncClient, key: str) -> None:
    response = await browser.get(f"/mailbox/{key}")
    assert response.status_code == 404
