"""The environment variables of the demo's processes."""

from collections.abc import Mapping
from dataclasses import dataclass

from local.data_folder import DataFolder
from local.keys import load_or_create_keys
from local.stack import HOST


@dataclass(frozen=True)
class DemoPorts:
    """The ports of a demo: three consecutive ones, and two others.

    Attributes:
        api: The API's, the first of the three.
        api_metrics: The port of the API's metrics; 0 for any.
        worker_metrics: The port of the worker's metrics; 0 for any.
    """

    api: int
    api_metrics: int = 0
    worker_metrics: int = 0

    @property
    def identity_provider(self) -> int:
        """The second of the three."""
        return self.api + 1

    @property
    def smtp_sink(self) -> int:
        """The third of the three."""
        return self.api + 2

    @property
    def public_url(self) -> str:
        """The URL of the API and its pages."""
        return f"http://{HOST}:{self.api}"

    @property
    def issuer(self) -> str:
        """The identity provider's URL, which is also its name as an issuer."""
        return f"http://{HOST}:{self.identity_provider}"

    def by_service(self) -> dict[str, int]:
        """The three consecutive ports, by the name of the service."""
        return {"API": self.api, "identity provider": self.identity_provider, "SMTP sink": self.smtp_sink}


def demo_environment(ports: DemoPorts, folder: DataFolder, database_url: str, redis_url: str) -> Mapping[str, str]:
    """Every setting of the demo, by the name of its variable; keys are generated at the first start.

    Args:
        ports: The ports of its services.
        folder: Where everything is written.
        database_url: PostgreSQL, embedded or another.
        redis_url: Valkey or Redis, embedded or another.
    """
    return {
        "ENVIRONMENT": "demo",
        # Some shells set this variable to the machine's name.
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
        # The services reach each other directly, whatever proxy this machine uses.
        "NO_PROXY": HOST,
        "no_proxy": HOST,
        # Logs are read while their processes run.
        "PYTHONUNBUFFERED": "1",
        **load_or_create_keys(folder.secrets),
    }
