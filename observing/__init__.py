"""How processes tell what they do: requests counted, traces, the listener for metrics and health."""
