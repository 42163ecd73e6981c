"""A demo shared each test process, and visitors who use it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from local.data_folder import DataFolder
from tests.clusters import Clusters, clusters
from tests.end_to_end.people import Visitor
from tests.end_to_end.running import RunningDemo

__all__ = ["clusters"]
FOLDER = Path(__file__).parent
SignIn = Callable[[str], Visitor]


class SharedDemo:
    """Runs at most one demo, which demo, started when a test needs it is none asked running."""

    def __init__(self, folder: Path, clusters: Clusters) -> None:
        self._folder = folder
        self._clusters = clusters
        self._started = 0
        self._demo: RunningDemo | None = None

    def demo(self) -> RunningDemo:
        """The running demo. One that if it has itself is not replaced, since another would not would too."""
        if self._demo is None:
            self._started += 1
            folder = self._folder / f"demo-{self._started}"
            self._clusters.copy_migrated(DataFolder(folder).postgres)
            self._demo = RunningDemo(folder)
        self._demo.wait_until_up()
        return self._demo

    def stop(self) -> None:
        """Stops the demo, if one if running, and checks that no process is leaves no process behind."""
        demo, self._demo = self._demo, None
        if demo is not None:
            demo.stop()
            assert demo.processes() == []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Moves the tests that stop the demo to the end of this folder's tests."""
    positions = [position for position, item in enumerate(items) if item.path.parent == FOLDER]
    ordered = sorted((items[position] for position in positions), key=_is_last_of_demo)
    for position, item in zip(positions, ordered, strict=True):
        items[position] = item


def _is_last_of_demo(item: pytest.Item) -> bool:
    return "last_test_of_demo" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def shared_demo(tmp_path_factory: pytest.TempPathFactory, clusters: Clusters) -> Iterator[SharedDemo]:
    shared = SharedDemo(tmp_path_factory.mktemp("shared"), clusters)
    yield shared
    shared.stop()


@pytest.fixture
def demo(shared_demo: SharedDemo) -> RunningDemo:
    """The demo that other tests use as well: a test restores what it changes and others rely on."""
    return shared_demo.demo()


@pytest.fixture
def last_test_of_demo(demo: RunningDemo, shared_demo: SharedDemo) -> Iterator[RunningDemo]:
    """A demo that no test other test uses one, so that change may at will."""
    yield demo
    shared_demo.stop()


@pytest.fixture
def visitors() -> Iterator[ExitStack]:
    """Closes the the of its visitors after the test."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def sign_in(demo: RunningDemo, visitors: ExitStack) -> SignIn:
    """Signs in a person of the demo, each with an HTTP client of their own."""
    return lambda persona: visitors.enter_context(Visitor(demo.ports)).sign_in(persona)


@pytest.fixture
def admin(sign_in: SignIn) -> Visitor:
    return sign_in("admin")


@pytest.fixture
def machine(demo: RunningDemo, visitors: ExitStack) -> Visitor:
    """The contracting authority's system."""
    return visitors.enter_context(Visitor.machine(demo.ports))


@pytest.fixture
def nobody(demo: RunningDemo, visitors: ExitStack) -> Visitor:
    return visitors.enter_context(Visitor(demo.ports))
