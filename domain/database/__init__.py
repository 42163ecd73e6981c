"""PostgreSQL as such: connections, who may do what, which migrations it has seen, and what it tells of changes."""
