"""Observability: request metrics, traces, log context, and the listener for metrics and health."""
