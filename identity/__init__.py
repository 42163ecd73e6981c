"""Authentication: OpenID Connect, bearer tokens and sessions become an actor."""
