"""Readiness probes of servers."""

import socket
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

TIMEOUT = 1.0


def answers_http(url: str) -> bool:
    """Whether a GET of that `http://` URL is answered with 200."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=TIMEOUT)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def answers_smtp(host: str, port: int) -> bool:
    """Whether a mail server greets a client with 220."""
    try:
        with socket.create_connection((host, port), timeout=TIMEOUT) as connection:
            return connection.recv(3) == b"220"
    except OSError:
        return False
