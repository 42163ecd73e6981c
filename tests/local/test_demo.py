import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from local.demo_environment import DemoPorts
from local.demo_services import econtracting_command
from local.ports import reserve_ports
from local.servers.readiness import answers_smtp
from local.stack import HOST
from tests.local.conftest import SmallStack, processes_of

StartDemo = Callable[[str], tuple[SmallStack, DemoPorts]]


@pytest.fixture
def choose_ports() -> Iterator[Callable[[], DemoPorts]]:
    """Gives the ports of another demo at each call, reserved during the test."""
    with ExitStack() as reserved:
        yield lambda: DemoPorts(reserved.enter_context(reserve_ports(HOST, 3))[0])


@pytest.fixture
def start_demo(tmp_path: Path, choose_ports: Callable[[], DemoPorts]) -> Iterator[StartDemo]:
    """Starts a demo with a data folder of that name."""
    demos: list[SmallStack] = []

    def start(name: str) -> tuple[SmallStack, DemoPorts]:
        ports, folder = choose_ports(), tmp_path / name
        output_file = tmp_path / f"output-{len(demos)}"
        environment = os.environ | {"PORT": str(ports.api), "DATA_DIR": str(folder)}
        environment |= {"DATABASE_URL": "", "REDIS_URL": ""}
        with output_file.open("wb") as out:
            process = subprocess.Popen(
                econtracting_command("demo"), stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment
            )
        demos.append(SmallStack(process, output_file, folder))
        return demos[-1], ports

    yield start
    for demo in demos:
        if demo.process.poll() is None:
            demo.stop()
    assert [process for demo in demos for process in processes_of(demo.folder)] == []


def test_two_demos_run_side_by_side(start_demo: StartDemo) -> None:
    demos = [start_demo("one"), start_demo("two")]

    for demo, ports in demos:
        demo.wait_for_output("Ready after")
        with httpx.Client(timeout=60, trust_env=False) as client:
            assert client.get(f"{ports.public_url}/health/ready").status_code == 200
            assert client.get(f"{ports.public_url}/mailbox").status_code == 200
            discovery = client.get(f"{ports.issuer}/.well-known/openid-configuration").json()
        assert discovery["issuer"] == ports.issuer
        assert answers_smtp("127.0.0.1", ports.smtp_sink)
        assert demo.process_of("worker").is_running()
        assert "admin          Bart Wouters" in demo.output
        assert demo.stop() == 0

    keys = [demo.folder / "secrets" for demo, _ in demos]
    assert keys[0].read_text() != keys[1].read_text()
    assert stat.S_IMODE(keys[0].stat().st_mode) == 0o600


def test_an_external_database_replaces_the_embedded_one_and_is_named_when_it_cannot_be_used(
    tmp_path: Path, choose_ports: Callable[[], DemoPorts]
) -> None:
    environment = os.environ | {"PORT": str(choose_ports().api), "DATA_DIR": str(tmp_path)}
    environment |= {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": ""}

    result = subprocess.run(
        econtracting_command("demo"), env=environment, capture_output=True, text=True, check=False, timeout=60
    )

    assert result.returncode == 1
    assert "The database of DATABASE_URL cannot be used" in result.stderr
    assert not (tmp_path / "postgres").exists()


@pytest.mark.parametrize("port", ["0", "65534", "x"])
def test_an_invalid_port_is_refused(tmp_path: Path, port: str) -> None:
    environment = os.environ | {"PORT": port, "DATA_DIR": str(tmp_path / "data")}

    result = subprocess.run(
        econtracting_command("demo"), env=environment, capture_output=True, text=True, check=False, timeout=60
    )

    assert result.returncode == 2
    assert "PORT" in result.stderr
    assert not (tmp_path / "data").exists()
