"""The person register and the enterprise register, behind the domain's ports: over HTTP, or as the demo's tables."""
