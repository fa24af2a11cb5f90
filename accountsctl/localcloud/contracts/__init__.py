"""What the parts of the embedded cloud share: messages, lookups, clients, dispatch."""
