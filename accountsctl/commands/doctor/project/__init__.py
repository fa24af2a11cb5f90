"""What `doctor` finds in a project's own files and rendered templates: pure, and without any cloud."""
