"""PostgreSQL servers, one for each cluster."""
