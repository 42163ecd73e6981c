"""The listener for metrics and health, on a port of its own."""

import socket
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from prometheus_client import CollectorRegistry, Counter
from structlog.testing import capture_logs

from domain.database.connection import close_database
from observing.exposition import MetricsListenerError, serve_metrics
from settings import settings
from tests.conftest import Environment
from tests.observing.scrape import Scrape
from tests.servers import Servers


def logged_url(lines: list[Any]) -> str:
    """The listener's URL, as it was logged."""
    [line] = [line for line in lines if line["event"] == "metrics_told"]
    return f"http://{line['host']}:{line['port']}"


async def get(*paths: str) -> list[httpx.Response]:
    """The responses of a listener that runs for these requests."""
    registry = CollectorRegistry()
    Counter("econtracting_tried", "A try.", registry=registry).inc(3)
    with capture_logs() as lines:
        async with serve_metrics(settings(), registry), httpx.AsyncClient(timeout=60, trust_env=False) as client:
            return [await client.get(logged_url(lines) + path) for path in paths]


@pytest.mark.usefixtures("database")
async def test_metrics_and_health_are_served_on_the_port_of_the_settings(environment: Environment):
    environment.set(METRICS_PORT=0)
    metrics, live, ready, other = await get("/metrics", "/health/live", "/health/ready", "/graphql")
    assert Scrape(metrics.text).value("econtracting_tried_total") == 3
    assert Scrape(metrics.text).value("process_start_time_seconds") > 0
    assert (live.status_code, live.json()) == (200, {"status": "live"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
    assert other.status_code == 404


async def test_nothing_listens_unless_a_port_is_set(environment: Environment):
    environment.set(METRICS_PORT=None)
    with capture_logs() as lines:
        async with serve_metrics(settings(), CollectorRegistry()):
            assert lines == []


async def test_a_port_in_use_is_reported(environment: Environment):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        environment.set(METRICS_PORT=port)
        message = rf"METRICS_PORT: nothing can listen on 127\.0\.0\.1:{port} \(Address already in use\)"
        with pytest.raises(MetricsListenerError, match=message):
            async with serve_metrics(settings(), CollectorRegistry()):
                pass


async def test_a_process_without_its_database_is_not_ready_and_reveals_nothing_else(
    environment: Environment, database: str, servers: Servers
):
    environment.set(METRICS_PORT=0)
    await servers.execute(f"alter database {urlsplit(database).path[1:]} allow_connections false")
    await close_database()
    [ready] = await get("/health/ready")
    assert (ready.status_code, ready.json()) == (503, {"status": "not ready", "lacking": ["database"]})
