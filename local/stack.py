"""One stack on one data folder: alone on it, without remains of an earlier run, on free ports."""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from local.console import say
from local.data_folder import DataFolder, held_data_folder
from local.ports import refuse_taken_ports
from local.servers.socket_folder import socket_folder
from local.supervising.leftovers import end_leftovers
from local.supervising.parts import Part, Step
from local.supervising.supervisor import Supervisor

HOST = "127.0.0.1"


def run_stack(
    data_dir: Path,
    ports: Mapping[str, int],
    build: Callable[[DataFolder, Path], list[Part | Step]],
    announce: Callable[[DataFolder], None],
) -> None:
    """Runs a stack until a signal asks it to stop.

    Args:
        data_dir: Where everything is written.
        ports: The ports that it needs, by what listens there.
        build: Gives the parts and steps, told the data folder and the folder for sockets.
        announce: Called once when everything is up.

    Raises:
        LocalStackError: It cannot start, or a part failed for good.
    """
    with held_data_folder(data_dir) as folder:
        if end_leftovers(folder.path):
            say("Ended what an earlier run had left behind.")
        refuse_taken_ports(HOST, ports)
        sockets = socket_folder(folder.sockets)
        try:
            supervisor = Supervisor(build(folder, sockets), folder.path, folder.logs, lambda: announce(folder))
            asyncio.run(supervisor.run())
        finally:
            shutil.rmtree(sockets, ignore_errors=True)
