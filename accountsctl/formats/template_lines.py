"""The line on which a part of a template stands, in YAML or JSON as people write it."""

from __future__ import annotations

from accountsctl.formats.json_pointer import pointer_to

TemplatePath = tuple[str | int, ...]


def line_of(text: str, path: TemplatePath) -> int:
    """The line (from 1) of the key or element at `path`; that of its nearest existing parent if it is missing.

    1 if the text cannot be read. A path names intrinsic functions by their long names (``Fn::Sub``), however the text
    spells them.
    """
    from accountsctl.formats.cloudformation import read_template

    lines = read_template(text, "", packaged=True).lines
    pointers = (pointer_to(path[:length]) for length in range(len(path), 0, -1))
    return next((lines[pointer] for pointer in pointers if pointer in lines), 1)
