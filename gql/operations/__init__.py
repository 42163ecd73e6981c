"""The execution of operations: which one is requested, its name and metrics, the fast path of cached ones."""
