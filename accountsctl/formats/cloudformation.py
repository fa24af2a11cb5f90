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

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from accountsctl.formats.json_pointer import escaped, pointer_to
from accountsctl.formats.json_reader import read as read_json
from accountsctl.model.errors import Fault

FUNCTIONS = frozenset(
    {"And", "Base64", "Cidr", "Equals", "FindInMap", "GetAZs", "GetAtt", "If", "ImportValue", "Join"}
    | {"Length", "Not", "Or", "Select", "Split", "Sub", "ToJsonString", "Transform"}
)
"""The functions that have a short form, without ``Fn::``."""
WITHOUT_PREFIX = frozenset({"Ref", "Condition"})
MERGE = "<<"
MOST_VALUES = 500_000
"""Values of one template, aliases counted each time that they are used: a few nested ones make billions."""
_YAML = "tag:yaml.org,2002:"
_NOT_CLOUDFORMATIONS = (f"{_YAML}timestamp", f"{_YAML}merge", f"{_YAML}value")


@dataclass(frozen=True)
class TemplateText:
    """A template that was read. `lines` are those of the JSON pointers into `value`, from 1.

    `complete` is False if the text could not be read to its end, so that nothing follows from what is missing.
    """

    value: Any  # its readers check the shape themselves, section by section
    lines: Mapping[str, int]
    faults: tuple[Fault, ...]
    complete: bool = True


def read_template(text: str, file: str, *, packaged: bool = False) -> TemplateText:
    """Read a template; `file` is what its faults are reported under. JSON is what starts with a brace.

    `packaged`: another tool resolves merge keys, equal keys and unknown tags before CloudFormation sees the template.
    """
    if text.lstrip().startswith("{"):
        return _read_json(text, file)
    try:
        node = yaml.compose(text, Loader=_TemplateLoader)
        reader = _NodeReader(file, packaged=packaged)
        value = None if node is None else reader.value_of(node, "")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"This is not valid YAML: {error.problem or error.context}."
        return _unreadable(Fault(file, mark.line + 1 if mark else 1, what))
    except yaml.YAMLError as error:
        return _unreadable(Fault(file, 1, f"This is not valid YAML: {str(error).splitlines()[0]}."))
    except RecursionError:
        return _unreadable(Fault(file, 1, "The template nests too deeply to be read."))
    except _Unreadable as error:
        return _unreadable(error.fault)
    return TemplateText(value, reader.lines, tuple(reader.faults))


class _Unreadable(Exception):
    """There is no use in reading on."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def _unreadable(fault: Fault) -> TemplateText:
    return TemplateText(None, {}, (fault,), complete=False)


def long_form(value: dict[str, Any]) -> dict[str, Any]:
    """``Fn::GetAtt: a.b`` as a list, everything else as it is."""
    target = value.get("Fn::GetAtt")
    if len(value) == 1 and isinstance(target, str):
        return {"Fn::GetAtt": target.split(".", 1)}
    return value


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


_BaseLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _TemplateLoader(_BaseLoader):  # type: ignore[misc]
    """PyYAML's composer, with the scalars that CloudFormation knows."""

    yaml_implicit_resolvers: dict[Any, Any] = {
        first: [rule for rule in rules if rule[0] not in _NOT_CLOUDFORMATIONS]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


# PyYAML takes 1e5 for a text; CloudFormation's reader, and JSON, for a number.
_TemplateLoader.add_implicit_resolver(
    f"{_YAML}float", re.compile(r"-?[0-9]+(?:\.[0-9]+)?[eE][-+]?[0-9]+\Z"), list("-0123456789")
)
_constructor = yaml.constructor.SafeConstructor()
_SCALARS: Mapping[str, Callable[[yaml.ScalarNode], Any]] = {
    f"{_YAML}bool": _constructor.construct_yaml_bool,
    f"{_YAML}null": _constructor.construct_yaml_null,
    f"{_YAML}int": _constructor.construct_yaml_int,
    f"{_YAML}float": _constructor.construct_yaml_float,
    f"{_YAML}str": lambda node: node.value,
}


class _NodeReader:
    """Walks composed nodes; remembers those that it is inside, for an alias may point at one of them."""

    def __init__(self, file: str, *, packaged: bool) -> None:
        self.lines: dict[str, int] = {}
        self.faults: list[Fault] = []
        self._file = file
        self._packaged = packaged
        self._inside: list[yaml.Node] = []
        self._count = 0

    def value_of(self, node: yaml.Node, pointer: str) -> Any:
        """The node's value, in long form; _Unreadable if it has no end."""
        self.lines.setdefault(pointer, node.start_mark.line + 1)
        self._count += 1
        if self._count > MOST_VALUES:
            what = f"The template has more than {MOST_VALUES:,} values, its aliases written out."
            raise _Unreadable(self._fault(node, what))
        if any(node is outer for outer in self._inside):
            what = "This alias points at something that it is itself part of."
            raise _Unreadable(self._fault(node, what))
        self._inside.append(node)
        try:
            read = self._short_form if node.tag.startswith("!") else self._untagged
            return read(node, pointer)
        finally:
            self._inside.pop()

    def _untagged(self, node: yaml.Node, pointer: str) -> Any:
        if isinstance(node, yaml.MappingNode):
            return long_form(self._mapping(node, pointer))
        if isinstance(node, yaml.SequenceNode):
            return [self.value_of(item, f"{pointer}/{index}") for index, item in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)
        read = _SCALARS.get(node.tag)
        if read is None:
            self._fault(node, f"The tag {node.tag} means nothing in a template.")
            return node.value
        try:
            value = read(node)
        except ValueError as error:  # 0b_, and numbers of thousands of digits
            self._fault(node, f"This is not a value: {error}.")
            return node.value
        if isinstance(value, float) and not math.isfinite(value):
            self._fault(node, f"{node.value} is not a number that a template can have.", "Quote a text.")
            return node.value
        return value

    def _mapping(self, node: yaml.MappingNode, pointer: str) -> dict[str, Any]:
        members: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._fault(key_node, "A key must be a plain string.")
                continue
            key = key_node.value
            if key == MERGE and not key_node.style:  # in quotes it is a name like any other
                for mapping in self._merged(key_node, value_node):
                    merged = {**self._mapping(mapping, pointer), **merged}
                continue
            if key in members and not self._packaged:
                self._fault(key_node, f'The key "{key}" is written twice.')
            inner = f"{pointer}/{escaped(key)}"
            self.lines[inner] = key_node.start_mark.line + 1
            members[key] = self.value_of(value_node, inner)
        return {**merged, **members}

    def _merged(self, key: yaml.Node, value: yaml.Node) -> Iterator[yaml.MappingNode]:
        """The mappings of a merge key; none, and a fault, if no other tool resolves it."""
        if not self._packaged:
            self._fault(key, "CloudFormation knows no merge keys.", "Write the keys out.")
            return
        for node in value.value if isinstance(value, yaml.SequenceNode) else [value]:
            if isinstance(node, yaml.MappingNode) and not any(node is outer for outer in self._inside):
                yield node
            else:
                self._fault(key, "A merge key needs a mapping, or a list of mappings.")

    def _short_form(self, node: yaml.Node, pointer: str) -> Any:
        tag = node.tag[1:]
        if tag not in FUNCTIONS and tag not in WITHOUT_PREFIX and not self._packaged:
            self._fault(node, f"!{tag} is not a function of CloudFormation.")
        name = tag if tag in WITHOUT_PREFIX else f"Fn::{tag}"
        inner = f"{pointer}/{escaped(name)}"
        value: Any = node.value
        if isinstance(node, yaml.SequenceNode):
            value = [self.value_of(item, f"{inner}/{index}") for index, item in enumerate(node.value)]
        elif isinstance(node, yaml.MappingNode):
            value = long_form(self._mapping(node, inner))
        self.lines[inner] = node.start_mark.line + 1
        return long_form({name: value})

    def _fault(self, node: yaml.Node, what: str, hint: str = "") -> Fault:
        fault = Fault(self._file, node.start_mark.line + 1, what, hint)
        self.faults.append(fault)
        return fault
