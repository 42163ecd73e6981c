"""Subscriptions: who follows what, over which lines, and what ends them."""
