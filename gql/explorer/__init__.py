"""GraphiQL, and the examples that it offers, filled with what their reader sees."""
