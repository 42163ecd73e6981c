import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import psutil
import pytest
from redis import Redis

from local.servers.postgres import PostgresServer, programs
from local.servers.socket_folder import socket_folder
from local.servers.valkey import ValkeyServer
from tests.clusters import Clusters, clusters
from tests.local.conftest import PATIENCE, STEADY, StartStack, processes_of, wait_until

__all__ = ["clusters"]
FALLING = "import sys; print('about to fall'); sys.exit(3)"


def servers(folder: Path) -> tuple[PostgresServer, ValkeyServer]:
    sockets = socket_folder(folder / "run")
    return PostgresServer(folder / "postgres", sockets), ValkeyServer(folder / "valkey", sockets)


@pytest.fixture
def data_dir(data_dir: Path, clusters: Clusters) -> Path:
    """A data folder with a cluster of an earlier run, which takes as long to make as all the rest of a small stack."""
    clusters.put_empty(data_dir / "postgres")
    return data_dir


@pytest.fixture
def new_data_dir(data_dir: Path) -> Path:
    """A data folder in which nothing was ever."""
    shutil.rmtree(data_dir)
    return data_dir


def ask_postgres(folder: Path, statement: str) -> str:
    address = servers(folder)[0].url()
    command = [str(programs() / "psql"), address, "--tuples-only", "--no-align", f"--command={statement}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_each_part_starts_when_what_it_needs_is_ready(start_stack: StartStack, new_data_dir: Path) -> None:
    stack = start_stack(tiny=STEADY)
    stack.wait_until_up()

    order = [line.split()[0] for line in stack.said.splitlines() if line.startswith("  ")]
    assert order[-2:] == ["question", "tiny"]
    assert set(order[:-2]) <= {"postgres", "valkey", "smtp-sink"}
    assert "PostgreSQL answers" in (new_data_dir / "logs" / "question.log").read_text()
    assert {log.name for log in (new_data_dir / "logs").iterdir()} >= {"postgres.log", "valkey.log", "tiny.log"}


@pytest.mark.parametrize("signals", [[signal.SIGTERM], [signal.SIGINT], [signal.SIGTERM, signal.SIGTERM]])
def test_a_signal_stops_everything(start_stack: StartStack, data_dir: Path, signals: list[signal.Signals]) -> None:
    stack = start_stack(tiny=STEADY)
    stack.wait_until_up()
    processes = stack.processes()

    for one in signals:
        stack.tell(one)

    assert stack.process.wait(PATIENCE) == 0
    assert [process for process in processes if process.is_running()] == []
    assert processes_of(data_dir) == []
    assert "shut down" in (data_dir / "logs" / "postgres.log").read_text()


def test_a_signal_while_everything_starts_stops_it_too(start_stack: StartStack, new_data_dir: Path) -> None:
    stack = start_stack(tiny=STEADY)
    stack.wait_until_said("Starting in")

    assert stack.stop() == 0
    assert processes_of(new_data_dir) == []

    again = start_stack(tiny=STEADY)
    again.wait_until_up()


def test_what_starts_children_of_its_own_leaves_none(start_stack: StartStack, data_dir: Path) -> None:
    child = (
        f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', '{STEADY}'], start_new_session=True).wait()"
    )
    stack = start_stack(tiny=child)
    stack.wait_until_up()
    wait_until(lambda: len(stack.process_of("start_new_session").children()) == 1)

    assert stack.stop() == 0
    assert processes_of(data_dir) == []


def test_a_killed_supervisor_takes_its_parts_along_and_blocks_nothing(start_stack: StartStack, data_dir: Path) -> None:
    first = start_stack(tiny=STEADY)
    first.wait_until_up()
    ask_postgres(data_dir, "create table kept as select 42 as number")
    with Redis.from_url(servers(data_dir)[1].url()) as valkey:
        valkey.set("kept", "42")

    first.tell(signal.SIGKILL)
    second = start_stack(tiny=STEADY)
    second.wait_until_up()

    assert ask_postgres(data_dir, "select number from kept") == "42"
    with Redis.from_url(servers(data_dir)[1].url()) as valkey:
        assert valkey.get("kept") == b"42"


def test_a_killed_supervisor_leaves_no_process(start_stack: StartStack, data_dir: Path) -> None:
    stack = start_stack(tiny=STEADY)
    stack.wait_until_up()

    stack.tell(signal.SIGKILL)

    wait_until(lambda: processes_of(data_dir) == [])


def test_what_an_earlier_run_left_is_ended(start_stack: StartStack, data_dir: Path) -> None:
    left = subprocess.Popen(["sleep", "3600"], env={**os.environ, "ECONTRACTING_PART_OF": str(data_dir)})

    stack = start_stack()
    stack.wait_until_up()

    assert left.wait(PATIENCE) == -signal.SIGTERM
    assert "Ended what an earlier run had left behind." in stack.said


def test_a_part_that_dies_is_started_again(start_stack: StartStack, data_dir: Path) -> None:
    stack = start_stack(tiny=f"print('I live', flush=True); {STEADY}")
    stack.wait_until_up()
    wait_until(lambda: "I live" in (data_dir / "logs" / "tiny.log").read_text())
    dead = stack.process_of("I live")

    dead.kill()
    wait_until(lambda: "tiny was started again." in stack.said)

    assert stack.process_of("I live").pid != dead.pid
    assert "tiny ended by itself (exit code -9)." in stack.said
    assert "    | I live" in stack.said


def test_the_console_shows_only_what_the_dead_process_said(start_stack: StartStack, data_dir: Path) -> None:
    (data_dir / "logs").mkdir(parents=True)
    (data_dir / "logs" / "tiny.log").write_text("of another run\n")
    stack = start_stack(tiny=FALLING)
    stack.process.wait(PATIENCE)

    assert "    | about to fall" in stack.said
    assert "of another run" not in stack.said


@pytest.mark.parametrize("part", ["postgres", "valkey-server"])
def test_a_server_that_dies_is_started_again(start_stack: StartStack, data_dir: Path, part: str) -> None:
    stack = start_stack()
    stack.wait_until_up()
    dead = stack.process_of(part)

    dead.kill()
    stack.wait_until_said("was started again.")

    postgres, valkey = servers(data_dir)
    wait_until(postgres.is_ready)
    wait_until(valkey.is_ready)
    assert ask_postgres(data_dir, "select 42") == "42"


def test_a_part_that_dies_five_times_in_a_minute_stops_the_stack(start_stack: StartStack, data_dir: Path) -> None:
    stack = start_stack(tiny=FALLING)

    assert stack.process.wait(PATIENCE) == 1
    assert stack.said.count("tiny ended by itself (exit code 3).") == 5
    assert "tiny ended 5 times in a minute; the stack stops." in stack.said
    assert processes_of(data_dir) == []


def test_a_second_stack_on_the_same_data_folder_is_refused(
    start_stack: StartStack, data_dir: Path, ports: range
) -> None:
    first = start_stack()
    first.wait_until_up()

    second = start_stack(port=ports[1])

    assert second.process.wait(PATIENCE) == 1
    assert f"Another demo (process {first.process.pid}) uses the data folder {data_dir}." in second.said
    assert psutil.Process(first.process.pid).is_running()
    assert ask_postgres(data_dir, "select 42") == "42"


def test_one_that_is_just_stopping_is_waited_for(start_stack: StartStack, data_dir: Path) -> None:
    first = start_stack(tiny=STEADY)
    first.wait_until_up()

    first.tell(signal.SIGTERM)
    second = start_stack(tiny=STEADY)

    second.wait_until_up()
    assert first.process.wait(PATIENCE) == 0
    assert ask_postgres(data_dir, "select 42") == "42"


def test_a_taken_port_is_named(start_stack: StartStack, free_port: int) -> None:
    with socket.create_server(("127.0.0.1", free_port)):
        stack = start_stack()

        assert stack.process.wait(PATIENCE) == 1
        assert f"The SMTP sink cannot listen on 127.0.0.1:{free_port}: Address already in use." in stack.said


def test_a_data_folder_that_cannot_be_made_is_named(start_stack: StartStack, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    stack = start_stack(folder=tmp_path / "file" / "data")

    assert stack.process.wait(PATIENCE) == 1
    assert f"The data folder {tmp_path}/file/data cannot be written: Not a directory." in stack.said


def test_a_stale_lock_of_postgres_that_names_a_living_process_blocks_nothing(
    start_stack: StartStack, data_dir: Path
) -> None:
    first = start_stack()
    first.wait_until_up()
    first.tell(signal.SIGKILL)
    wait_until(lambda: processes_of(data_dir) == [])
    # As after a power cut, when the number has gone to another program by now.
    (data_dir / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{data_dir}/postgres\n1795000000\n5432\n")

    start_stack().wait_until_up()

    assert ask_postgres(data_dir, "select 42") == "42"


def test_a_long_data_folder_with_odd_letters_works(start_stack: StartStack, tmp_path: Path) -> None:
    folder = tmp_path / ("a long, odd 'folder' " * 6) / "één"
    stack = start_stack(folder=folder, tiny=STEADY)
    stack.wait_until_up()

    assert ask_postgres(folder, "select 42") == "42"
    assert stack.stop() == 0
    assert not servers(folder)[0].sockets.joinpath("valkey.sock").exists()
