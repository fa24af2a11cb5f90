"""What the caller of a service may do: the rights that a call needs, and whether the caller's policies give them."""
