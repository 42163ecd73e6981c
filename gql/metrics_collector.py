"""Metrics that parts of the API keep themselves, collected when the metrics are scraped."""

from collections.abc import Iterable, Iterator
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from domain.database.connection import database
from domain.database.read_queries import read_pool
from gql.live.service import live
from gql.reading.engine.engine import Engine


class ApiMetricsCollector(Collector):
    """Collects what the engine, the subscriptions and the connection pools report.

    Args:
        engine: The reading engine.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterator[Metric]:
        """The metrics of all parts."""
        counters = self._engine.counters
        yield CounterMetricFamily(
            "econtracting_engine_answers", "Operations that the engine answered.", value=counters.answered
        )
        fallbacks = CounterMetricFamily(
            "econtracting_engine_fallbacks", "Operations left to the ordinary executor, by reason.", labels=["reason"]
        )
        for reason, count in counters.fallbacks.items():
            fallbacks.add_metric([reason], count)
        yield fallbacks
        yield from _statements()
        yield from _live()
        yield from _connection_pools()


def _statements() -> Iterator[Metric]:
    """The queries over the engine's connections, and the statements that they were batched into."""
    if pool := read_pool():
        yield CounterMetricFamily(
            "econtracting_engine_questions", "Queries of the engine, and for sessions.", value=pool.queries
        )
        yield CounterMetricFamily(
            "econtracting_engine_statements", "Statements that they were batched into.", value=pool.statements
        )


def _live() -> Iterable[Metric]:
    service = live()
    yield GaugeMetricFamily(
        "econtracting_subscriptions", "Open subscriptions.", value=service.connections.subscriptions
    )
    yield GaugeMetricFamily(
        "econtracting_changes_heard", "Whether change notifications are received.", value=service.is_listening
    )


def _connection_pools() -> Iterator[Metric]:
    """The connections to PostgreSQL, by pool and by what they do."""
    family = GaugeMetricFamily(
        "econtracting_database_connections", "Connections to PostgreSQL.", labels=["pool", "state"]
    )
    pools: dict[str, Any] = {"models": getattr(database(), "_pool", None), "engine": read_pool()}
    for name, pool in pools.items():
        if pool is not None:
            idle, size = pool.get_idle_size(), pool.get_size()
            family.add_metric([name, "idle"], idle)
            family.add_metric([name, "busy"], size - idle)
            family.add_metric([name, "most"], pool.get_max_size())
    yield family
