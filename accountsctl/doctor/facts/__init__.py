"""What is known of an API, read from templates or from AWS."""
