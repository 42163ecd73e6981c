"""What `econtracting check` looks at: one file for each thing that a process can't do without."""
