"""Runs a stack on a data folder: locked, without orphans of an earlier run, and on free ports."""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from local.console import print_line
from local.data_folder import DataFolder, lock_data_folder
from local.ports import check_ports_free
from local.servers.socket_folder import socket_folder
from local.supervisor.orphans import terminate_orphans
from local.supervisor.services import Service, StartupTask
from local.supervisor.supervisor import Supervisor

HOST = "127.0.0.1"


def run_stack(
    data_dir: Path,
    ports: Mapping[str, int],
    build: Callable[[DataFolder, Path], list[Service | StartupTask]],
    announce: Callable[[DataFolder], None],
) -> None:
    """Runs a stack until a signal asks it to stop.

    Args:
        data_dir: Where everything is written.
        ports: The ports that it needs, by the name of the service.
        build: Builds the services and tasks from the data folder and the folder of the sockets.
        announce: Called once when everything is up.

    Raises:
        LocalStackError: It can't start, or a service failed for good.
    """
    with lock_data_folder(data_dir) as folder:
        if terminate_orphans(folder.path):
            print_line("Ended what an earlier run had left behind.")
        check_ports_free(HOST, ports)
        sockets = socket_folder(folder.sockets)
        try:
            supervisor = Supervisor(build(folder, sockets), folder.path, folder.logs, lambda: announce(folder))
            asyncio.run(supervisor.run())
        finally:
            shutil.rmtree(sockets, ignore_errors=True)
