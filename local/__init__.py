"""The embedded stack: what the demo and the tests run in place of production's servers."""
