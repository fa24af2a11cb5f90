"""What answers HTTP without a REST API: the URLs of functions."""
