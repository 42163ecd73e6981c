"""The listener that tells metrics and health, on a port of its own."""

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
from tests.observing.scraped import Scrape
from tests.servers import Servers


def told_at(lines: list[Any]) -> str:
    [line] = [line for line in lines if line["event"] == "metrics_told"]
    return f"http://{line['host']}:{line['port']}"


async def answers(*paths: str) -> list[httpx.Response]:
    """The answers of a listener that is there for this alone."""
    registry = CollectorRegistry()
    Counter("econtracting_tried", "A try.", registry=registry).inc(3)
    with capture_logs() as lines:
        async with serve_metrics(settings(), registry), httpx.AsyncClient(timeout=60, trust_env=False) as client:
            return [await client.get(told_at(lines) + path) for path in paths]


@pytest.mark.usefixtures("database")
async def test_metrics_and_health_are_told_where_the_settings_say(environment: Environment):
    environment.set(METRICS_PORT=0)
    metrics, live, ready, other = await answers("/metrics", "/health/live", "/health/ready", "/graphql")
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


async def test_a_port_that_is_taken_is_named(environment: Environment):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environment.set(METRICS_PORT=port)
        told = rf"METRICS_PORT: nothing can listen on 127\.0\.0\.1:{port} \(Address already in use\)"
        with pytest.raises(MetricsListenerError, match=told):
            async with serve_metrics(settings(), CollectorRegistry()):
                pass


async def test_a_process_without_its_database_is_not_ready_and_says_no_more(
    environment: Environment, database: str, servers: Servers
):
    environment.set(METRICS_PORT=0)
    await servers.execute(f"alter database {urlsplit(database).path[1:]} allow_connections false")
    await close_database()
    [ready] = await answers("/health/ready")
    assert (ready.status_code, ready.json()) == (503, {"status": "not ready", "lacking": ["database"]})
