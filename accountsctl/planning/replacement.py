"""Which properties of every AWS resource type can only be changed by replacing the resource.

The table is ``create_only.json``, which tools/extract_schemas.py generates from the AWS resource schemas
that cfn-lint carries; change that tool, not the file. Paths into nested properties are joined by slashes,
as in ``VpcConfig/SubnetIds``; ``*`` stands for any item of a list.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources


def create_only(type_name: str) -> tuple[str, ...]:
    """Return the properties whose change replaces a resource of the type; empty if there are none."""
    return tuple(_types().get(type_name, {}).get("createOnly", ()))


def conditional_create_only(type_name: str) -> tuple[str, ...]:
    """Return the properties for which AWS replaces a resource of the type in some cases; empty if there are none."""
    return tuple(_types().get(type_name, {}).get("conditional", ()))


def custom_name(type_name: str) -> tuple[str, ...]:
    """Return the part of the type's primary identifier that a template can set; empty if there is none.

    A resource that fixes all of it cannot be replaced: its replacement would need the same name.
    """
    return tuple(_types().get(type_name, {}).get("customName", ()))


@cache  # 180 KB of JSON: read only by a command that plans, and only once
def _types() -> Mapping[str, Mapping[str, list[str]]]:
    text = resources.files(__package__).joinpath("create_only.json").read_text(encoding="utf-8")
    types: Mapping[str, Mapping[str, list[str]]] = json.loads(text)["types"]
    return types
