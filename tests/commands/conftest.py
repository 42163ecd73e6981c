"""The mail server that misbehaves, for commands that send."""

from tests.workers.conftest import hostile

__all__ = ["hostile"]
