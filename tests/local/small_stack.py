"""A stack of real servers and small Python programs, run as the demo runs its own.

`python -m tests.local.small_stack FOLDER PORT [NAME=CODE ...]`
"""

import sys
from pathlib import Path

from local.console import exit_on_error, print_line
from local.data_folder import DataFolder
from local.demo_environment import DemoPorts, demo_environment
from local.demo_services import econtracting_command, postgres_service, valkey_service
from local.servers.postgres import NO_DURABILITY, PostgresServer, binary_folder
from local.servers.readiness import answers_smtp
from local.servers.valkey import ValkeyServer
from local.stack import HOST, run_stack
from local.supervisor.services import Service, StartupTask


def main(data_dir: Path, port: int, programs: list[str]) -> None:
    def build(folder: DataFolder, sockets: Path) -> list[Service | StartupTask]:
        postgres = PostgresServer(folder.postgres, sockets, NO_DURABILITY)
        valkey = ValkeyServer(folder.valkey, sockets)
        query = (
            str(binary_folder() / "psql"),
            postgres.url(),
            "--tuples-only",
            "--command=select 'PostgreSQL answers'",
        )
        ports = DemoPorts(port - 2)
        sink = Service(
            name="smtp-sink",
            command=econtracting_command("local", "sink"),
            environment=demo_environment(ports, folder, postgres.url(), valkey.url()),
            is_ready=lambda: answers_smtp(HOST, port),
        )
        return [
            postgres_service(postgres),
            valkey_service(valkey),
            sink,
            StartupTask(name="query", command=query, depends_on=("postgres", "valkey")),
            *(
                Service(name, (sys.executable, "-c", code), depends_on=("query",))
                for name, code in (program.split("=", 1) for program in programs)
            ),
        ]

    with exit_on_error():
        run_stack(data_dir, {"SMTP sink": port}, build, lambda _folder: print_line("Everything is up."))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
