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
        answered = "Operations that the engine answered."
        yield CounterMetricFamily("econtracting_engine_answers", answered, value=counters.answered)
        reasons = CounterMetricFamily(
            "econtracting_engine_fallbacks", "Operations left to the ordinary executor, by reason.", labels=["reason"]
        )
        for reason, times in counters.fallbacks.items():
            reasons.add_metric([reason], times)
        yield reasons
        yield from _statements()
        yield from _live()
        yield from _connection_pools()


def _statements() -> Iterator[Metric]:
    """The engine's queries, and the statements that they were batched into."""
    if pool := read_pool():
        asked = "Questions of the engine and about sessions."
        yield CounterMetricFamily("econtracting_engine_questions", asked, value=pool.queries)
        statements = "Statements that answered them: those of one moment go together."
        yield CounterMetricFamily("econtracting_engine_statements", statements, value=pool.statements)


def _live() -> Iterable[Metric]:
    yield GaugeMetricFamily("econtracting_subscriptions", "Subscriptions now.", value=live().connections.subscriptions)
    heard = "Whether the database tells of changes now."
    yield GaugeMetricFamily("econtracting_changes_heard", heard, value=live().is_listening)


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
