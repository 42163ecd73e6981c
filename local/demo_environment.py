"""What the demo's processes find in their environment."""

from collections.abc import Mapping
from dataclasses import dataclass

from local.data_folder import DataFolder
from local.keys import kept_keys
from local.stack import HOST


@dataclass(frozen=True)
class DemoPorts:
    """The ports of one demo: three in a row, and two wherever there is room.

    Attributes:
        api: The first of the three.
        api_metrics: Where the API tells its metrics; 0 for any port.
        worker_metrics: Where the worker does.
    """

    api: int
    api_metrics: int = 0
    worker_metrics: int = 0

    @property
    def identity_provider(self) -> int:
        """The second."""
        return self.api + 1

    @property
    def smtp_sink(self) -> int:
        """The third."""
        return self.api + 2

    @property
    def public_url(self) -> str:
        """Where a browser finds the API and its pages."""
        return f"http://{HOST}:{self.api}"

    @property
    def issuer(self) -> str:
        """Where the identity provider is, which is also its name."""
        return f"http://{HOST}:{self.identity_provider}"

    def named(self) -> dict[str, int]:
        """The three, by what listens there."""
        return {"API": self.api, "identity provider": self.identity_provider, "SMTP sink": self.smtp_sink}


def demo_environment(ports: DemoPorts, folder: DataFolder, database_url: str, redis_url: str) -> Mapping[str, str]:
    """Every setting of the demo, by its variable's name; its keys are made at the first start.

    Args:
        ports: Where its servers listen.
        folder: Where everything is written.
        database_url: PostgreSQL, ours or another.
        redis_url: Valkey or Redis, ours or another.
    """
    return {
        "ENVIRONMENT": "demo",
        # Some shells use the name for the machine's own.
        "HOST": HOST,
        "PORT": str(ports.api),
        "METRICS_HOST": HOST,
        "DATA_DIR": str(folder.path),
        "PUBLIC_URL": ports.public_url,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SMTP_HOST": HOST,
        "SMTP_PORT": str(ports.smtp_sink),
        "SMTP_TLS": "none",
        "OIDC_ISSUER": ports.issuer,
        "OIDC_CLIENT_ID": "econtracting",
        # The parts reach each other here, whatever stands between this machine and the world.
        "NO_PROXY": HOST,
        "no_proxy": HOST,
        # A log is read while its process runs.
        "PYTHONUNBUFFERED": "1",
        **kept_keys(folder.secrets),
    }
