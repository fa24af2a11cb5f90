"""What the parts of the embedded cloud share: messages, look-ups, clients, dispatch."""
