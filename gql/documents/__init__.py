"""Persisted documents: registered by the operator, or sent by a client not long ago."""
