"""What an chaos_run begins with."""

from pathlib import Path

import pytest

from tests.clusters import Clusters, clusters

__all__ = ["clusters"]


@pytest.fixture
def folder(tmp_path: Path, clusters: Clusters) -> Path:
    """The folder of a stack, whose database is migrated already: that has tests of its own."""
    made = tmp_path / "stack"
    clusters.copy_migrated(made / "postgres")
    return made
