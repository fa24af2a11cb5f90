"""The only socket code: the HTTP server, the daemon, its services."""
