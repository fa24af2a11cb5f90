"""The commands that edit a project: init, import, add, remove, env."""
