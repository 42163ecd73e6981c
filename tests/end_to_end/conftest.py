"""A demo shared by the tests of each process, and its visitors."""

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
    """At most one running demo, started when it is first asked for."""

    def __init__(self, folder: Path, clusters: Clusters) -> None:
        self._folder = folder
        self._clusters = clusters
        self._started_count = 0
        self._demo: RunningDemo | None = None

    def demo(self) -> RunningDemo:
        """The running demo; fails if it has exited, since another one would too."""
        if self._demo is None:
            self._started_count += 1
            folder = self._folder / f"demo-{self._started_count}"
            self._clusters.copy_migrated(DataFolder(folder).postgres)
            self._demo = RunningDemo(folder)
        self._demo.wait_until_up()
        return self._demo

    def stop(self) -> None:
        """Stops the demo if one runs, and checks that it leaves no process behind."""
        demo, self._demo = self._demo, None
        if demo is not None:
            demo.stop()
            assert demo.processes() == []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Moves the tests of this folder that use a demo up to the end."""
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
    """The demo that other tests use as well: a test restores what others rely on."""
    return shared_demo.demo()


@pytest.fixture
def last_test_of_demo(demo: RunningDemo, shared_demo: SharedDemo) -> Iterator[RunningDemo]:
    """A demo that no other test uses afterwards, so that the test may break it."""
    yield demo
    shared_demo.stop()


@pytest.fixture
def visitors() -> Iterator[ExitStack]:
    """Closes the visitors' connections after the test."""
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def sign_in(demo: RunningDemo, visitors: ExitStack) -> SignIn:
    """Signs in a persona of the demo, with a client of their own."""
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
