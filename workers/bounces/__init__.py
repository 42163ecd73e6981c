"""Mails that come back: where they are read from, and the delivery that each is about."""
