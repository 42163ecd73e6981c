"""The mail server: sessions with it, the protocol, and what its replies mean."""
