"""The worker: who sends what waits in the outbox, and does what time alone brings about."""
