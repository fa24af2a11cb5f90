"""What survives a kill: the snapshot, its saver, large contents beside it."""
