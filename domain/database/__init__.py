"""PostgreSQL: connections, privileges, migrations, and notifications of changes."""
