"""The policies: which abilities an actor has."""
