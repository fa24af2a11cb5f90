"""A template's language: parameters, conditions, intrinsic functions, references."""
