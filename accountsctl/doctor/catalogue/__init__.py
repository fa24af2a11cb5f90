"""The causes of CORS errors: one card for each, with its check."""
