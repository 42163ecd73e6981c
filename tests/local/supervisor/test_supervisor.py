import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import psutil
import pytest
from redis import Redis

from local.servers.postgres import PostgresServer, binary_folder
from local.servers.socket_folder import socket_folder
from local.servers.valkey import ValkeyServer
from tests.clusters import Clusters, clusters
from tests.local.conftest import RUN_FOREVER, TIMEOUT, StartStack, processes_of, wait_until

__all__ = ["clusters"]
EXIT = "import sys; print('about to exit'); sys.exit(3)"


def servers(folder: Path) -> tuple[PostgresServer, ValkeyServer]:
    sockets = socket_folder(folder / "run")
    return PostgresServer(folder / "postgres", sockets), ValkeyServer(folder / "valkey", sockets)


@pytest.fixture
def data_dir(data_dir: Path, clusters: Clusters) -> Path:
    """A data folder with a cluster of an earlier run: to create one takes as long as to start the rest of a stack."""
    clusters.copy_empty(data_dir / "postgres")
    return data_dir


@pytest.fixture
def new_data_dir(data_dir: Path) -> Path:
    """A data folder that has never been used."""
    shutil.rmtree(data_dir)
    return data_dir


def query_postgres(folder: Path, query: str) -> str:
    url = servers(folder)[0].url()
    command = [str(binary_folder() / "psql"), url, "--tuples-only", "--no-align", f"--command={query}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_each_service_starts_when_its_dependencies_are_ready(start_stack: StartStack, new_data_dir: Path) -> None:
    stack = start_stack(tiny=RUN_FOREVER)
    stack.wait_until_up()

    order = [line.split()[0] for line in stack.output.splitlines() if line.startswith("  ")]
    assert order[-2:] == ["query", "tiny"]
    assert set(order[:-2]) <= {"postgres", "valkey", "smtp-sink"}
    assert "PostgreSQL answers" in (new_data_dir / "logs" / "query.log").read_text()
    assert {log.name for log in (new_data_dir / "logs").iterdir()} >= {"postgres.log", "valkey.log", "tiny.log"}


@pytest.mark.parametrize("signals", [[signal.SIGTERM], [signal.SIGINT], [signal.SIGTERM, signal.SIGTERM]])
def test_a_signal_stops_every_service(start_stack: StartStack, data_dir: Path, signals: list[signal.Signals]) -> None:
    stack = start_stack(tiny=RUN_FOREVER)
    stack.wait_until_up()
    processes = stack.processes()

    for number in signals:
        stack.process.send_signal(number)

    assert stack.process.wait(TIMEOUT) == 0
    assert [process for process in processes if process.is_running()] == []
    assert processes_of(data_dir) == []
    assert "shut down" in (data_dir / "logs" / "postgres.log").read_text()


def test_a_signal_during_the_start_stops_the_stack(start_stack: StartStack, new_data_dir: Path) -> None:
    stack = start_stack(tiny=RUN_FOREVER)
    stack.wait_for_output("Starting in")

    assert stack.stop() == 0
    assert processes_of(new_data_dir) == []

    second = start_stack(tiny=RUN_FOREVER)
    second.wait_until_up()


def test_children_of_services_are_ended(start_stack: StartStack, data_dir: Path) -> None:
    code = (
        "import subprocess, sys;"
        f" subprocess.Popen([sys.executable, '-c', '{RUN_FOREVER}'], start_new_session=True).wait()"
    )
    stack = start_stack(tiny=code)
    stack.wait_until_up()
    wait_until(lambda: len(stack.process_of("start_new_session").children()) == 1)

    assert stack.stop() == 0
    assert processes_of(data_dir) == []


def test_a_stack_starts_after_its_supervisor_was_killed_and_loses_no_data(
    start_stack: StartStack, data_dir: Path
) -> None:
    first = start_stack(tiny=RUN_FOREVER)
    first.wait_until_up()
    query_postgres(data_dir, "create table written as select 42 as number")
    with Redis.from_url(servers(data_dir)[1].url()) as valkey:
        valkey.set("written", "42")

    first.process.send_signal(signal.SIGKILL)
    second = start_stack(tiny=RUN_FOREVER)
    second.wait_until_up()

    assert query_postgres(data_dir, "select number from written") == "42"
    with Redis.from_url(servers(data_dir)[1].url()) as valkey:
        assert valkey.get("written") == b"42"


def test_a_killed_supervisor_leaves_no_process(start_stack: StartStack, data_dir: Path) -> None:
    stack = start_stack(tiny=RUN_FOREVER)
    stack.wait_until_up()

    stack.process.send_signal(signal.SIGKILL)

    wait_until(lambda: processes_of(data_dir) == [])


def test_orphans_of_an_earlier_run_are_ended(start_stack: StartStack, data_dir: Path) -> None:
    orphan = subprocess.Popen(["sleep", "3600"], env={**os.environ, "ECONTRACTING_PART_OF": str(data_dir)})

    stack = start_stack()
    stack.wait_until_up()

    assert orphan.wait(TIMEOUT) == -signal.SIGTERM
    assert "Ended what an earlier run had left behind." in stack.output


def test_a_service_that_dies_is_restarted(start_stack: StartStack, data_dir: Path) -> None:
    stack = start_stack(tiny=f"print('started', flush=True); {RUN_FOREVER}")
    stack.wait_until_up()
    wait_until(lambda: "started" in (data_dir / "logs" / "tiny.log").read_text())
    process = stack.process_of("started")

    process.kill()
    wait_until(lambda: "tiny was started again." in stack.output)

    assert stack.process_of("started").pid != process.pid
    assert "tiny ended by itself (exit code -9)." in stack.output
    assert "    | started" in stack.output


def test_the_console_shows_only_the_output_of_the_process_that_ended(start_stack: StartStack, data_dir: Path) -> None:
    (data_dir / "logs").mkdir(parents=True)
    (data_dir / "logs" / "tiny.log").write_text("of an earlier run\n")
    stack = start_stack(tiny=EXIT)
    stack.process.wait(TIMEOUT)

    assert "    | about to exit" in stack.output
    assert "of an earlier run" not in stack.output


@pytest.mark.parametrize("server", ["postgres", "valkey-server"])
def test_a_server_that_dies_is_restarted(start_stack: StartStack, data_dir: Path, server: str) -> None:
    stack = start_stack()
    stack.wait_until_up()
    process = stack.process_of(server)

    process.kill()
    stack.wait_for_output("was started again.")

    postgres, valkey = servers(data_dir)
    wait_until(postgres.is_ready)
    wait_until(valkey.is_ready)
    assert query_postgres(data_dir, "select 42") == "42"


def test_a_service_that_ends_five_times_in_a_minute_stops_the_stack(start_stack: StartStack, data_dir: Path) -> None:
    stack = start_stack(tiny=EXIT)

    assert stack.process.wait(TIMEOUT) == 1
    assert stack.output.count("tiny ended by itself (exit code 3).") == 5
    assert "tiny ended 5 times in a minute; the stack stops." in stack.output
    assert processes_of(data_dir) == []


def test_a_second_stack_on_the_same_data_folder_is_refused(
    start_stack: StartStack, data_dir: Path, ports: range
) -> None:
    first = start_stack()
    first.wait_until_up()

    second = start_stack(port=ports[1])

    assert second.process.wait(TIMEOUT) == 1
    assert f"Another demo (process {first.process.pid}) uses the data folder {data_dir}." in second.output
    assert psutil.Process(first.process.pid).is_running()
    assert query_postgres(data_dir, "select 42") == "42"


def test_a_stack_waits_for_another_one_that_is_stopping(start_stack: StartStack, data_dir: Path) -> None:
    first = start_stack(tiny=RUN_FOREVER)
    first.wait_until_up()

    first.process.send_signal(signal.SIGTERM)
    second = start_stack(tiny=RUN_FOREVER)

    second.wait_until_up()
    assert first.process.wait(TIMEOUT) == 0
    assert query_postgres(data_dir, "select 42") == "42"


def test_the_error_names_a_port_that_is_taken(start_stack: StartStack, free_port: int) -> None:
    with socket.create_server(("127.0.0.1", free_port)):
        stack = start_stack()

        assert stack.process.wait(TIMEOUT) == 1
        assert f"The SMTP sink cannot listen on 127.0.0.1:{free_port}: Address already in use." in stack.output


def test_the_error_names_a_data_folder_that_cannot_be_created(start_stack: StartStack, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    stack = start_stack(folder=tmp_path / "file" / "data")

    assert stack.process.wait(TIMEOUT) == 1
    assert f"The data folder {tmp_path}/file/data cannot be written: Not a directory." in stack.output


def test_a_stale_lock_of_postgres_with_the_id_of_another_process_is_removed(
    start_stack: StartStack, data_dir: Path
) -> None:
    first = start_stack()
    first.wait_until_up()
    first.process.send_signal(signal.SIGKILL)
    wait_until(lambda: processes_of(data_dir) == [])
    # As after a power cut, when the process id is another program's by now.
    (data_dir / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{data_dir}/postgres\n1795000000\n5432\n")

    start_stack().wait_until_up()

    assert query_postgres(data_dir, "select 42") == "42"


def test_a_stack_starts_in_a_data_folder_with_a_long_path_and_special_characters(
    start_stack: StartStack, tmp_path: Path
) -> None:
    folder = tmp_path / ("a long, odd 'folder' " * 6) / "één"
    stack = start_stack(folder=folder, tiny=RUN_FOREVER)
    stack.wait_until_up()

    assert query_postgres(folder, "select 42") == "42"
    assert stack.stop() == 0
    assert not servers(folder)[0].sockets.joinpath("valkey.sock").exists()
