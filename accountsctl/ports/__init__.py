"""What the commands need of the world: a Protocol in each file, with the values that it speaks of."""
