"""GraphiQL, with example operations whose variables are filled in for the viewer."""
