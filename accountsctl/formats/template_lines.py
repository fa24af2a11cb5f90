"""The line on which a part of a template stands, in YAML or JSON as people write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accountsctl.formats.json_reader import read

if TYPE_CHECKING:
    from yaml import Node

TemplatePath = tuple[str | int, ...]


def line_of(text: str, path: TemplatePath) -> int:
    """The line (from 1) of the key or element at `path`; that of its nearest existing parent if it is missing.

    1 if the text cannot be read. A path may pass through intrinsic functions by their long names (``Fn::Sub``),
    however the text spells them.
    """
    if text.lstrip().startswith("{"):
        return read(text, "").line_of(*path)
    import yaml

    try:
        node: yaml.Node | None = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return 1
    line = 0
    for part in path:
        found = _below(node, part)
        if found is None:
            break
        line, node = found
    return line + 1


def _below(node: Node | None, part: str | int) -> tuple[int, Node] | None:
    """The line (from 0) of a member or element, and its node; None if there is none."""
    import yaml

    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line, node.value[part]
    return None
