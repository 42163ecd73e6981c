"""Subscriptions: their transports, the connections that carry them, and the changes that they report."""
