"""What a push would change, replace and lose."""
