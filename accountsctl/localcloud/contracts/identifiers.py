"""Identifiers of requests and traces: random, but not secret.

They come from Python's own generator. The system's is a call of the system for each one, at which the thread gives up
the interpreter to another one.
"""

from __future__ import annotations

import base64
import random

# RFC 9562: four bits state the version, two the variant. uuid.UUID would do the same through an object.
_FREE = ~(0xF000 << 64 | 0xC000 << 48)
_VERSION_4 = 0x4000 << 64 | 0x8000 << 48


def new_uuid() -> str:
    """A UUID of version 4, for x-amzn-RequestId and the like."""
    digits = f"{random.getrandbits(128) & _FREE | _VERSION_4:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def new_extended_id() -> str:
    """For x-amz-apigw-id: 16 characters of base64."""
    return base64.b64encode(random.randbytes(10)).decode()  # noqa: S311


def new_trace_part() -> str:
    """The random part of an X-Ray trace id: 24 hexadecimal digits."""
    return f"{random.getrandbits(96):024x}"
