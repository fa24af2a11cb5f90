"""What fixes a template, by subject: for each cause the few values to set, by JSON pointer."""
