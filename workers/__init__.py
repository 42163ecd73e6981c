"""The worker: sends the mails that wait in the outbox, and does periodic work."""
