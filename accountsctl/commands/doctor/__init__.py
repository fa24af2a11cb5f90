"""The `doctor` commands: checks of an environment, and `doctor cors`."""
