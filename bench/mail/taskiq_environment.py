"""The virtual environment of taskiq: its Redis client is newer than the one that arq needs."""

import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

from bench.mail.stack import ROOT

TASKIQ = ROOT / ".cache" / "bench-mail" / "taskiq"


def install_taskiq() -> None:
    """Installs taskiq and our own dependencies, as they are locked; does nothing if that was done already."""
    lock = (ROOT / "requirements" / "production.txt").read_text()
    installed_lock = TASKIQ / "made"
    if installed_lock.exists() and installed_lock.read_text() == lock:
        return
    pins = re.findall(r"^[\w.-]+==.*?(?= \\$)", lock, re.MULTILINE)
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    dependencies = [dependency for dependency in dependencies if not dependency.startswith("arq")]
    TASKIQ.parent.mkdir(parents=True, exist_ok=True)
    constraints = TASKIQ.parent / "constraints.txt"
    constraints.write_text("\n".join(pin for pin in pins if not pin.startswith(("arq==", "redis=="))))
    uv = str(Path(sysconfig.get_path("scripts")) / "uv")
    for command in (
        [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(TASKIQ)],
        [uv, "pip", "install", "--quiet", "--python", str(TASKIQ / "bin" / "python"), "-c", str(constraints),
         "taskiq", "taskiq-redis", *dependencies],
    ):  # fmt: skip
        subprocess.run(command, check=True)  # noqa: S603  # our own words
    installed_lock.write_text(lock)
