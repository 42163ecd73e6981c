"""The checks of `econtracting check`: one file for each dependency of a process."""
