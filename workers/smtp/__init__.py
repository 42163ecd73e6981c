"""The mail server: lines to it, what is said over them, and what its answers mean."""
