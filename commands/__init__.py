"""What `econtracting` does: one file a noun, with its verbs."""
