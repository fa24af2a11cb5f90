"""Keys of tags that only AWS itself may set.

https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
"""

from __future__ import annotations


def is_reserved(key: str) -> bool:
    """Whether a key starts with `aws:`, in capitals or not."""
    return key.lower().startswith("aws:")
