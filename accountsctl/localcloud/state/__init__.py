"""What survives a kill: the snapshot, its saver, and large contents in files next to it."""
