"""The `db` commands: query, migrate, seed, export, shell."""
