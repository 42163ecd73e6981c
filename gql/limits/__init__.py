"""Limits on one operation, and on what a viewer asks for in a minute."""
