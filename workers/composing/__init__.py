"""Composes mails: reads their facts from the database, and writes them as MIME."""
