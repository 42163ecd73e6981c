"""The supervisor of a local stack: starts its services in order, restarts them, and stops them all."""
