"""A CloudFormation template in YAML: how CloudFormation reads it is stated in `cloudformation`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import yaml

from accountsctl.formats.json_pointer import escaped
from accountsctl.formats.template_text import TemplateText, long_form, unreadable
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


def read_yaml(text: str, file: str, *, packaged: bool) -> TemplateText:
    """Read a template in YAML; the arguments are those of `cloudformation.read_template`."""
    try:
        node = yaml.compose(text, Loader=_TemplateLoader)
        reader = _NodeReader(file, packaged=packaged)
        value = None if node is None else reader.value_of(node, "")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"This is not valid YAML: {error.problem or error.context}."
        return unreadable(Fault(file, mark.line + 1 if mark else 1, what))
    except yaml.YAMLError as error:
        return unreadable(Fault(file, 1, f"This is not valid YAML: {str(error).splitlines()[0]}."))
    except RecursionError:
        return unreadable(Fault(file, 1, "The template nests too deeply to be read."))
    except _Unreadable as error:
        return unreadable(error.fault)
    return TemplateText(value, reader.lines, tuple(reader.faults))


class _Unreadable(Exception):
    """There is no use in reading on."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


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
        except LookupError:  # !!int of nothing, !!bool of another word
            self._fault(node, f"This is not a value: {node.value!r} is not of the type {node.tag}.")
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
