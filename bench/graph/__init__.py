"""What the graph costs, beside hand-written statements that answer the same bytes: `make bench-graph`."""
