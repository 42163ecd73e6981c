"""The outbox: whose turn it is, who holds what for how long, and what came of it."""
