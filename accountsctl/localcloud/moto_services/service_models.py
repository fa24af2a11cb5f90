"""AWS's service models as botocore and moto read them, in a fifth of the memory.

The models are JSON with the text of AWS's documentation in it. botocore parses each into ordered dictionaries, and moto
does so again for itself: 90 MB for the services of one push. Here the documentation is left out (nothing in this
process shows it), equal strings are one object, and each file is parsed once for everyone. botocore and moto merge
extras of their own into what they load: they do so into copies of the objects on the way to a change.
"""

from __future__ import annotations

import functools
import gzip
import importlib
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from botocore.loaders import JSONFileLoader, Loader

LONGEST_SHARED = 64  # characters: longer strings are rarely equal
_OPENERS: tuple[tuple[str, Callable[[Path], Any]], ...] = ((".json", Path.open), (".json.gz", gzip.open))


class LeanFileLoader(JSONFileLoader):
    """Reads the JSON files of botocore's data."""

    def load_file(self, file_path: str) -> Any:
        """The content of a file, named without ``.json``; None if it does not exist.

        Shared but for what may be changed: its top, and `http` of an operation, where botocore rewrites S3's paths.
        """
        parsed = _parsed(file_path)
        if not isinstance(parsed, dict):
            return parsed
        return (
            {**parsed, "operations": _own(parsed["operations"])} if "operations" in parsed else dict(parsed)
        )


def install() -> None:
    """Let every loader that is created from now on read in this way."""
    loaders: Any = importlib.import_module("botocore.loaders")
    Loader.FILE_LOADER_CLASS = LeanFileLoader
    loaders.deep_merge = merge


def merge(base: dict[str, Any], extra: Mapping[str, Any]) -> None:
    """botocore's `deep_merge`, which changes `base` and copies what it changes below it."""
    for name, value in extra.items():
        below = base.get(name)
        if isinstance(below, dict) and isinstance(value, dict):
            base[name] = dict(below)
            merge(base[name], value)
        else:
            base[name] = value


@functools.cache
def _parsed(path: str) -> Any:
    for ending, opened in _OPENERS:
        file = Path(path + ending)
        if file.is_file():
            with opened(file) as stream:
                return _with_described_options(json.loads(stream.read(), object_pairs_hook=lean))
    return None


def _own(operations: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {**operation, "http": dict(operation["http"])} if "http" in operation else operation
        for name, operation in operations.items()
    }


def _with_described_options(model: Any) -> Any:
    """botocore needs the documentation of a client's options, and of nothing else."""
    options = model.get("clientContextParams", {}) if isinstance(model, dict) else {}
    for option in options.values():
        option.setdefault("documentation", "")
    return model


def lean(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object without its documentation. A shape may have a member of that name, which is not a text."""
    return {
        sys.intern(name): _one(value)
        for name, value in pairs
        if name != "documentation" or not isinstance(value, str)
    }


def _one(value: Any) -> Any:
    return sys.intern(value) if type(value) is str and len(value) <= LONGEST_SHARED else value
