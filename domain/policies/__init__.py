"""Who may do what: the matrix."""
