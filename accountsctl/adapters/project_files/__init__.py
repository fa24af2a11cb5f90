"""A project on disk: read, edited as a whole, written atomically."""
