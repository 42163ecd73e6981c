"""The subscription service of a process: its listener, dispatcher and connections."""

from gql.live.connections import INTERRUPTED, ConnectionRegistry
from gql.live.dispatcher import ChangeDispatcher
from gql.live.listener import ChangeListener
from settings import Settings, settings


class LiveService:
    """What all subscriptions of a process share.

    Attributes:
        connections: The clients' connections.
        dispatcher: Puts changes into the subscriptions' queues.
    """

    def __init__(self, configuration: Settings) -> None:
        self.connections = ConnectionRegistry(configuration.live_connections, configuration.live_subscriptions)
        self.dispatcher = ChangeDispatcher()
        self._listener = ChangeListener(str(configuration.database_url), self.dispatcher.dispatch, self.interrupt)

    @property
    def is_listening(self) -> bool:
        """Are changes received from the database now?"""
        return self._listener.is_connected

    def start(self) -> None:
        """Starts to listen in the background."""
        self._listener.start()

    async def stop(self) -> None:
        """Closes every connection and stops listening."""
        self.interrupt()
        await self._listener.stop()

    def interrupt(self) -> None:
        """Closes every connection: changes may have been missed, so clients connect and fetch again."""
        self.connections.close_all(INTERRUPTED)


_service: LiveService | None = None


def open_live() -> None:
    """Starts the service on the database of the settings."""
    global _service  # noqa: PLW0603  # one a process, like its database
    _service = LiveService(settings())
    _service.start()


async def close_live() -> None:
    """Stops what `open_live` started."""
    global _service  # noqa: PLW0603  # see above
    if _service is not None:
        await _service.stop()
    _service = None


def interrupt_live() -> None:
    """Closes every connection of the service, if it was started."""
    if _service is not None:
        _service.interrupt()


def live() -> LiveService:
    """The running service.

    Raises:
        RuntimeError: It was not started.
    """
    if _service is None:
        raise RuntimeError("The live service was not started: call open_live first.")
    return _service
