"""The performance of the graph, compared with hand-written SQL that returns the same bytes: `make bench-graph`."""
