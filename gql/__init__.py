"""The API: the only HTTP surface, and what its rooms meet in."""
