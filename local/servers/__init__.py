"""PostgreSQL and Valkey, run from the binaries that come with the packages."""
