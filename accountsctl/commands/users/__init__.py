"""What a user of the backend does: sign in, call the API, open the page."""
