"""Mapping templates: VTL and JSONPath."""
