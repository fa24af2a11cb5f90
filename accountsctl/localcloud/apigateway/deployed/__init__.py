"""What a deployment froze: its snapshot, its stages, its routes."""
