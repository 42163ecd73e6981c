"""`make demo` as a program: it stops on a signal, and keeps its data for the next start."""

import os
import signal
import socket

import psutil

from tests.end_to_end.contracts import contract_with
from tests.end_to_end.document_delivery import deliver, mail_about, unique_title
from tests.end_to_end.people import Visitor
from tests.end_to_end.running import RunningDemo
from tests.local.conftest import TIMEOUT

SERVICES = ("postgres", "valkey-server", "sink", "identity-provider", "serve", "worker")


def test_a_signal_stops_every_process_and_a_second_start_has_the_same_data(
    last_test_of_demo: RunningDemo, admin: Visitor, machine: Visitor
) -> None:
    first, contract, title = last_test_of_demo, contract_with(admin), unique_title()
    deliver(machine, contract["id"], title)
    message_id = mail_about(first, title)["Message-ID"]
    processes = processes_of_services(first)

    first.supervisor().send_signal(signal.SIGTERM)
    assert first.make.wait(TIMEOUT) == 0
    check_that_nothing_is_left(first, processes)

    second = RunningDemo(first.folder.path)
    try:
        second.wait_until_up()
        processes = processes_of_services(second)
        with Visitor(second.ports).sign_in("admin") as second_admin:
            assert contract_with(second_admin) == contract
        assert mail_about(second, title)["Message-ID"] == message_id

        os.killpg(second.make.pid, signal.SIGTERM)
        second.make.wait(TIMEOUT)
        check_that_nothing_is_left(second, processes)
    finally:
        second.stop()


def processes_of_services(demo: RunningDemo) -> list[psutil.Process]:
    """Every process below make; at least one for each service."""
    processes = psutil.Process(demo.make.pid).children(recursive=True)
    commands = "\n".join(" ".join(process.cmdline()) for process in processes)
    assert [service for service in SERVICES if service not in commands] == []
    return processes


def check_that_nothing_is_left(demo: RunningDemo, processes: list[psutil.Process]) -> None:
    assert [process for process in processes if process.is_running()] == []
    assert demo.processes() == []
    for port in demo.ports.by_service().values():
        socket.create_server(("127.0.0.1", port)).close()
    assert not list(demo.folder.sockets.glob("*"))
