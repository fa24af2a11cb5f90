"""Readers and writers of files: backend-config, environments, JSON with positions, SQL."""
