"""What the API promises: the names that frontends are written to, and an operation for each screen of the manual."""
