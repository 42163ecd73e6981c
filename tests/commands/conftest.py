"""The mail server that misbehaves, for commands that send."""

from tests.workers.conftest import smtp_server

__all__ = ["smtp_server"]
