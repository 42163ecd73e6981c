"""The folder of a chaos run or soak."""

from pathlib import Path

import pytest

from tests.clusters import Clusters, clusters

__all__ = ["clusters"]


@pytest.fixture
def folder(tmp_path: Path, clusters: Clusters) -> Path:
    """The folder of a stack with a migrated database; migrating has tests of its own."""
    folder = tmp_path / "stack"
    clusters.copy_migrated(folder / "postgres")
    return folder
