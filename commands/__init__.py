"""The commands of `econtracting`: one file for each noun, with its verbs."""
