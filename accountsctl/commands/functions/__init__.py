"""The commands about functions: their logs."""
