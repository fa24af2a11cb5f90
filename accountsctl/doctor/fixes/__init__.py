"""The edits that fix a cause in a project's files."""
