"""Throttling, usage plans and caches."""
