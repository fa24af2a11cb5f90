"""What answers HTTP without a REST API: HTTP APIs, and the URLs of functions."""
