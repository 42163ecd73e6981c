"""Live changes in this process: who listens, who watches, over which lines."""

from gql.live.lines import INTERRUPTED, Lines
from gql.live.listener import ChangeListener
from gql.live.watchers import Watchers
from settings import Settings, settings


class LiveChanges:
    """Everything that subscriptions stand on.

    Attributes:
        lines: The connections.
        watchers: Who waits for which changes.
    """

    def __init__(self, configuration: Settings) -> None:
        self.lines = Lines(configuration.live_connections, configuration.live_subscriptions)
        self.watchers = Watchers()
        self._listener = ChangeListener(str(configuration.database_url), self.watchers.tell, self.interrupt)

    @property
    def heard(self) -> bool:
        """Does the database tell us of changes now?"""
        return self._listener.connected

    def start(self) -> None:
        """Begins to listen; nobody waits for it."""
        self._listener.start()

    async def stop(self) -> None:
        """Ends every line and stops listening."""
        self.interrupt()
        await self._listener.stop()

    def interrupt(self) -> None:
        """Ends every line: what was missed can't be told any more, so clients connect again, and fetch again."""
        self.lines.drop_all(INTERRUPTED)


_opened: LiveChanges | None = None


def open_live() -> None:
    """Begins to listen for changes in the database of the settings."""
    global _opened  # noqa: PLW0603  # one a process, like its database
    _opened = LiveChanges(settings())
    _opened.start()


async def close_live() -> None:
    """Ends what `open_live` began."""
    global _opened  # noqa: PLW0603  # see above
    if _opened is not None:
        await _opened.stop()
    _opened = None


def interrupt() -> None:
    """Ends every line of the open one, if there is one."""
    if _opened is not None:
        _opened.interrupt()


def live() -> LiveChanges:
    """The open one.

    Raises:
        RuntimeError: None was opened.
    """
    if _opened is None:
        raise RuntimeError("Nothing listens for changes.")
    return _opened
