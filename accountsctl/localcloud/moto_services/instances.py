"""moto lists every object that it ever makes, for its dashboard; we have none, and the lists keep all of them alive.

Each listing of a bucket copies its objects with their contents, and each call makes some, so the memory of a cloud grew
with every call, and never shrank when something was deleted.

An object of S3 that is collected closes its file then. moto warns of that, since it wants them closed one by one.
"""

from __future__ import annotations

import importlib
from typing import Any


def install() -> None:
    """Make moto forget its objects when nothing else needs them. Once per process."""
    moto: Any = importlib.import_module("moto.core.common_models")
    moto.BaseModel.__new__ = _unlisted
    importlib.import_module("moto.s3.models").FakeKey.__del__ = _closed


def _unlisted(cls: type, *_: object, **__: object) -> object:
    return object.__new__(cls)


def _closed(key: Any) -> None:
    key.dispose()
