"""Composes mails: reads what they say from the database, and writes them as MIME."""
