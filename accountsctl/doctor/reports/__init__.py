"""A diagnosis as JSON and as SARIF."""
