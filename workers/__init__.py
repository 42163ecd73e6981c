"""The worker: sends the mails that are waiting in the outbox, and runs periodic work."""
