"""YAML that people wrote, changed in place: comments, order, quotes and short intrinsics stay as they are."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any


def rewritten(text: str, change: Callable[[dict[str, Any]], None]) -> str:
    """The text after `change` was made to its value. The values of tags (``!Ref``) must be left alone."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    sequences = "\n- " in text and "\n  - " not in text
    yaml.indent(mapping=2, sequence=2 if sequences else 4, offset=0 if sequences else 2)
    value = yaml.load(text)
    change(value)
    out = io.StringIO()
    yaml.dump(value, out)
    return out.getvalue()
