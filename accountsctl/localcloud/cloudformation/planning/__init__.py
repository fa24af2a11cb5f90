"""What a template would change of a stack."""
