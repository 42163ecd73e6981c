"""One demo for each process of a run of the tests, and those who come to it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from local.data_folder import DataFolder
from tests.clusters import Clusters, clusters
from tests.end_to_end.people import Visitor
from tests.end_to_end.running import RunningDemo

__all__ = ["clusters"]
ROOM = Path(__file__).parent
SignIn = Callable[[str], Visitor]


class DemoHouse:
    """Keeps one demo at most; the next is made when somebody asks and there is none."""

    def __init__(self, folder: Path, clusters: Clusters) -> None:
        self._folder = folder
        self._clusters = clusters
        self._made = 0
        self._demo: RunningDemo | None = None

    def demo(self) -> RunningDemo:
        """The one that runs; where one has ended by itself, no other will do better."""
        if self._demo is None:
            self._made += 1
            folder = self._folder / f"demo-{self._made}"
            self._clusters.copy_migrated(DataFolder(folder).postgres)
            self._demo = RunningDemo(folder)
        self._demo.wait_until_up()
        return self._demo

    def leave(self) -> None:
        """Stops it, if there is one, and looks for what it left."""
        demo, self._demo = self._demo, None
        if demo is not None:
            demo.stop()
            assert demo.processes() == []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Has those come last of this room that leave no demo to others."""
    room = [place for place, item in enumerate(items) if item.path.parent == ROOM]
    ordered = sorted((items[place] for place in room), key=_is_last_of_demo)
    for place, item in zip(room, ordered, strict=True):
        items[place] = item


def _is_last_of_demo(item: pytest.Item) -> bool:
    return "last_test_of_demo" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def demo_house(tmp_path_factory: pytest.TempPathFactory, clusters: Clusters) -> Iterator[DemoHouse]:
    house = DemoHouse(tmp_path_factory.mktemp("house"), clusters)
    yield house
    house.leave()


@pytest.fixture
def demo(demo_house: DemoHouse) -> RunningDemo:
    """A demo that other tests use as well: what a test changes that others count on, it puts back."""
    return demo_house.demo()


@pytest.fixture
def last_test_of_demo(demo: RunningDemo, demo_house: DemoHouse) -> Iterator[RunningDemo]:
    """A demo that nobody uses after this test, which may do to it what it likes."""
    yield demo
    demo_house.leave()


@pytest.fixture
def visitors() -> Iterator[ExitStack]:
    """Those whose connections are closed when the test is over."""
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def sign_in(demo: RunningDemo, visitors: ExitStack) -> SignIn:
    """Signs in one of the demo's people in a browser of their own."""
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
