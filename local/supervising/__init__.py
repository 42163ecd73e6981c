"""How a stack's processes are started in order, kept running, and all taken down again."""
