"""What a running stack consists of: its state, its store, its clients."""
