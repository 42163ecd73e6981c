"""A parsed scrape, as Prometheus reads it."""

from collections.abc import Mapping

from prometheus_client import REGISTRY, generate_latest
from prometheus_client.parser import text_string_to_metric_families

Sample = tuple[str, frozenset[tuple[str, str]]]


class Scrape:
    """The samples of one scrape.

    Args:
        text: The response of `/metrics`.
    """

    def __init__(self, text: str) -> None:
        families = text_string_to_metric_families(text)
        self.samples: Mapping[Sample, float] = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in families
            for sample in family.samples
        }

    @classmethod
    def of_this_process(cls) -> "Scrape":
        return cls(generate_latest(REGISTRY).decode())

    def value(self, name: str, **labels: str) -> float:
        """The value of a series; 0 if it doesn't exist yet."""
        return self.samples.get((name, frozenset(labels.items())), 0.0)

    def series(self, prefix: str = "econtracting_") -> set[Sample]:
        """The series whose names begin with the prefix."""
        return {sample for sample in self.samples if sample[0].startswith(prefix)}
