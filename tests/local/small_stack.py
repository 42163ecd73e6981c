"""A stack of real servers and tiny programs, run as the demo runs its own.

`python -m tests.local.small_stack FOLDER PORT [NAME=PYTHON ...]`
"""

import sys
from pathlib import Path

from local.console import refusals_told, say
from local.data_folder import DataFolder
from local.demo_environment import DemoPorts, demo_environment
from local.demo_stack import our_command, postgres_part, valkey_part
from local.servers.postgres import FORGETFUL, PostgresServer, programs
from local.servers.readiness import greets_mail
from local.servers.valkey import ValkeyServer
from local.stack import HOST, run_stack
from local.supervising.parts import Part, Step


def main(data_dir: Path, port: int, extra: list[str]) -> None:
    def build(folder: DataFolder, sockets: Path) -> list[Part | Step]:
        postgres = PostgresServer(folder.postgres, sockets, FORGETFUL)
        valkey = ValkeyServer(folder.valkey, sockets)
        question = (str(programs() / "psql"), postgres.url(), "--tuples-only", "--command=select 'PostgreSQL answers'")
        ports = DemoPorts(port - 2)
        sink = Part(
            name="smtp-sink",
            command=our_command("local", "sink"),
            environment=demo_environment(ports, folder, postgres.url(), valkey.url()),
            is_ready=lambda: greets_mail(HOST, port),
        )
        tiny = [one.split("=", 1) for one in extra]
        return [
            postgres_part(postgres),
            valkey_part(valkey),
            sink,
            Step(name="question", command=question, after=("postgres", "valkey")),
            *(Part(name, (sys.executable, "-c", code), after=("question",)) for name, code in tiny),
        ]

    with refusals_told():
        run_stack(data_dir, {"SMTP sink": port}, build, lambda _folder: say("Everything is up."))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
