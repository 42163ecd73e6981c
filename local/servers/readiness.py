"""Questions to a server: does it do its work?"""

import socket
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

PATIENCE = 1.0


def answers_http(url: str) -> bool:
    """Whether a GET of that `http://` address is answered with 200."""
    address = urlsplit(url)
    connection = HTTPConnection(address.netloc, timeout=PATIENCE)
    try:
        connection.request("GET", address.path)
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def answers_smtp(host: str, port: int) -> bool:
    """Whether a mail server says that it is ready."""
    try:
        with socket.create_connection((host, port), timeout=PATIENCE) as connection:
            return connection.recv(3) == b"220"
    except OSError:
        return False
