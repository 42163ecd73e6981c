"""What the supervisor is told: the parts of a stack, and what must be up before each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from signal import Signals


def _always() -> bool:
    return True


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Part:
    """A program that runs for as long as the stack does.

    Attributes:
        name: What its log and the console call it.
        command: What runs it in the foreground.
        after: The parts and steps that must be up before it starts.
        environment: What it finds in its environment beside ours.
        before_start: What must be done before each start of it; it may take a moment.
        is_ready: Whether it does its work now; asked again and again, so it answers within a second.
        says: What it writes to its log when it is ready, for one that nothing can be asked.
        stop_signal: What asks it to end in good order.
        last_signal: What it gets when the supervisor is killed.
    """

    name: str
    command: tuple[str, ...]
    after: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    before_start: Callable[[], None] = _nothing
    is_ready: Callable[[], bool] = _always
    says: str = ""
    stop_signal: Signals = Signals.SIGTERM
    last_signal: Signals = Signals.SIGKILL


@dataclass(frozen=True)
class Step:
    """A program that runs to its end while the stack comes up; what stands after it waits for that."""

    name: str
    command: tuple[str, ...]
    after: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
