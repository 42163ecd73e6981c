"""The outbox: claims, leases, retries and outcomes of deliveries, and the routing of notifications."""
