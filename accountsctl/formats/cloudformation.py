"""The text of a CloudFormation template, in JSON or YAML, as values in long form with the line of each.

YAML is read as CloudFormation reads it, which is YAML 1.1 without its timestamps: ``yes`` is a boolean, ``012`` an
octal number, ``2012-10-17`` a text. Short forms (``!Ref``, ``!GetAtt a.b``) become long forms, so that nothing that
is checked, uploaded or compared depends on the spelling. CloudFormation refuses merge keys (``<<``), and takes the
last of two equal keys, of which the first is lost without a word: both are faults here. A template that another
tool packages before it is sent may have them, because `sam` and `aws cloudformation package` resolve them first.
Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html,
https://github.com/aws/aws-cli/pull/5257 (booleans), https://github.com/aws/aws-cli/pull/3827 (merge keys).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

from accountsctl.formats.json_pointer import pointer_to
from accountsctl.formats.json_reader import read as read_json
from accountsctl.formats.template_text import TemplateText, long_form


def read_template(text: str, file: str, *, packaged: bool = False) -> TemplateText:
    """Read a template; `file` is what its faults are reported under. JSON is what starts with a brace.

    `packaged`: another tool resolves merge keys, equal keys and unknown tags before CloudFormation sees the template.
    """
    if text.lstrip().startswith("{"):
        return _read_json(text, file)
    # PyYAML takes as long to load as all else that a push with nothing to do needs of this package.
    from accountsctl.formats.cloudformation_yaml import read_yaml

    return read_yaml(text, file, packaged=packaged)


def _read_json(text: str, file: str) -> TemplateText:
    source = read_json(text, file)
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    # The line of a member is that of its key: its value may begin further down.
    offsets = {path: start for path, (start, _) in source.spans.items()} | dict(source.keys)
    lines = {pointer_to(path): bisect_right(starts, offset) for path, offset in offsets.items()}
    return TemplateText(_all_long(source.value), lines, source.faults, source.complete)


def _all_long(value: Any) -> Any:
    if isinstance(value, list):
        return [_all_long(item) for item in value]
    if isinstance(value, dict):
        return long_form({key: _all_long(item) for key, item in value.items()})
    return value
