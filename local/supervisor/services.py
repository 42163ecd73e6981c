"""The services of a stack and the tasks of its start-up, each with its dependencies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from signal import Signals


def _always() -> bool:
    return True


def _do_nothing() -> None:
    return None


@dataclass(frozen=True)
class Service:
    """A program that runs for as long as the stack does.

    Attributes:
        name: Its name in the console, and that of its log.
        command: Runs it in the foreground.
        depends_on: The services and tasks that must be up before it starts.
        environment: Variables that are added to the supervisor's environment.
        before_start: Called before each start; may take a moment.
        is_ready: Whether it is serving now; polled, so it must return within a second.
        ready_output: What it writes to its log when it is ready, for a service that can't be asked.
        stop_signal: The signal for an orderly shutdown.
        parent_death_signal: The signal that it gets when the supervisor is killed.
    """

    name: str
    command: tuple[str, ...]
    depends_on: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    before_start: Callable[[], None] = _do_nothing
    is_ready: Callable[[], bool] = _always
    ready_output: str = ""
    stop_signal: Signals = Signals.SIGTERM
    parent_death_signal: Signals = Signals.SIGKILL


@dataclass(frozen=True)
class StartupTask:
    """A program that runs to its end while the stack starts; what depends on it waits for that."""

    name: str
    command: tuple[str, ...]
    depends_on: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
