"""A template's text to plain values: long-form intrinsics, and where each parameter was written.

YAML is read as CloudFormation reads it, not as YAML 1.1 does: a date, ``yes`` and ``012345`` stay
strings. Short forms (``!Ref``, ``!GetAtt a.b``) become their long forms, so that what is linted,
uploaded and compared never depends on how it was spelled. Duplicate keys are faults: every parser in
use takes the last one silently, and the first is then lost without a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from typing import Any, NoReturn

import yaml

from accountsctl.formats.json_reader import read as read_json
from accountsctl.model.errors import Fault
from accountsctl.synth.budgets import NODES
from accountsctl.synth.faulty import Faulty, faulty

PREFIXED = frozenset(
    {"And", "Base64", "Cidr", "Equals", "FindInMap", "GetAZs", "GetAtt", "If", "ImportValue", "Join"}
    | {"Length", "Not", "Or", "Select", "Split", "Sub", "ToJsonString", "Transform"}
)
BARE = frozenset({"Ref", "Condition"})

_BaseLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _TemplateLoader(_BaseLoader):  # type: ignore[misc]
    """PyYAML's composer with JSON's scalars, and null, as the only ones that are not strings."""

    yaml_implicit_resolvers: dict[Hashable, Any] = {}


for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"true|false", "tf"),
    ("tag:yaml.org,2002:null", r"~|null|", ["~", "n", ""]),
    ("tag:yaml.org,2002:int", r"-?(?:0|[1-9][0-9]*)", "-0123456789"),
    ("tag:yaml.org,2002:float", r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", "-0123456789"),
):
    _TemplateLoader.add_implicit_resolver(_tag, re.compile(rf"(?:{_pattern})\Z"), list(_first))

_SCALARS: Mapping[str, Callable[[str], Any]] = {
    "tag:yaml.org,2002:bool": lambda text: text == "true",
    "tag:yaml.org,2002:null": lambda _: None,
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
    "tag:yaml.org,2002:str": str,
}


def parse_template(text: str, source: str, file: str) -> dict[str, Any]:
    """The values of a rendered template. `source` is the text before Jinja, `file` what faults name."""
    where = _Where(text, source, file)
    value = _parse_json(text, where) if text.lstrip().startswith("{") else _parse_yaml(text, where)
    if not isinstance(value, dict):
        raise faulty(file, 1, "The template is not an object with Resources.")
    resources = value.get("Resources")
    if not isinstance(resources, dict) or not resources:
        raise faulty(file, 1, "The template has no Resources; CloudFormation needs at least one.")
    _require_objects(value, file, source)
    return value


def line_of_key(source: str, key: str) -> int:
    """The first line on which `key` is written as a key, 0 where it is not to be found."""
    found = re.search(rf"^\s*[\"']?{re.escape(key)}[\"']?\s*:", source, re.MULTILINE)
    found = found or re.search(rf"[\"']{re.escape(key)}[\"']\s*:", source)
    return source.count("\n", 0, found.end()) + 1 if found else 0


def _require_objects(value: Mapping[str, Any], file: str, source: str) -> None:
    wrong = [
        Fault(file, line_of_key(source, section), f"{section} is not an object.")
        for section in ("Parameters", "Outputs", "Mappings", "Conditions", "Metadata")
        if not isinstance(value.get(section, {}), dict)
    ]
    wrong += [
        Fault(file, line_of_key(source, name), f'The resource "{name}" has no Type.')
        for name, resource in value["Resources"].items()
        if not isinstance(resource, dict) or not isinstance(resource.get("Type"), str)
    ]
    if wrong:
        raise Faulty(*wrong)


class _Where:
    """Leads from a line of the rendered text back to the line that somebody wrote."""

    def __init__(self, text: str, source: str, file: str) -> None:
        self.text = text
        self.source = source
        self.file = file

    def line(self, rendered: int) -> int:
        """The written line of rendered line `rendered` (from 1); 0 where Jinja makes it ambiguous."""
        if self.text == self.source:
            return rendered
        lines = self.text.splitlines()
        if not 0 < rendered <= len(lines):
            return 0
        written = [i for i, line in enumerate(self.source.splitlines(), 1) if line == lines[rendered - 1]]
        return written[0] if len(written) == 1 else 0

    def refuse(self, rendered: int, what: str, hint: str = "") -> NoReturn:
        """Raise a fault for a line of the rendered text."""
        line = self.line(rendered)
        suffix = "" if line else f" (line {rendered} once rendered)"
        raise faulty(self.file, line, what + suffix, hint)


def _parse_json(text: str, where: _Where) -> Any:
    read = read_json(text, where.file)
    if read.faults:
        raise Faulty(*(replace(fault, line=where.line(fault.line)) for fault in read.faults))
    return _all_long(read.value)


def _all_long(value: Any) -> Any:
    if isinstance(value, list):
        return [_all_long(item) for item in value]
    if isinstance(value, dict):
        return _long_form({key: _all_long(each) for key, each in value.items()})
    return value


def _parse_yaml(text: str, where: _Where) -> Any:
    try:
        node = yaml.compose(text, Loader=_TemplateLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where.refuse(
            mark.line + 1 if mark else 1, f"This is not valid YAML: {error.problem or error.context}."
        )
    except RecursionError:
        where.refuse(1, "The template nests too deeply to be read.")
    except yaml.YAMLError as error:
        where.refuse(1, f"This is not valid YAML: {str(error).splitlines()[0]}.")
    try:
        return None if node is None else _Values(where).of(node)
    except RecursionError:
        where.refuse(1, "The template nests too deeply to be read.")


class _Values:
    """Walks composed nodes; remembers those that it is inside, for an alias may point at one of them."""

    def __init__(self, where: _Where) -> None:
        self._where = where
        self._inside: list[yaml.Node] = []
        self._count = 0

    def of(self, node: yaml.Node) -> Any:
        """The node's value, in long form."""
        self._count += 1
        if self._count > NODES:  # a few nested aliases make billions
            self._refuse(node, f"The template has more than {NODES:,} values, its aliases written out.")
        if any(node is outer for outer in self._inside):
            self._refuse(node, "This alias points at something that it is itself part of.")
        self._inside.append(node)
        try:
            return self._tagged(node) if node.tag.startswith("!") else self._plain(node)
        finally:
            self._inside.pop()

    def _plain(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.of(item) for item in node.value]
        read = _SCALARS.get(node.tag)
        if read is None:
            self._refuse(node, f"The tag {node.tag} means nothing in a template.")
        try:
            return read(node.value)
        except ValueError as error:  # a number of thousands of digits
            self._refuse(node, f"This is not a value: {error}.")

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(key_node, "A key must be a plain string.")
            key = key_node.value
            if key == "<<" and not key_node.style:  # in quotes it is a name like any other
                self._refuse(key_node, "CloudFormation knows no merge keys.", "Write the keys out.")
            if key in result:
                self._refuse(key_node, f'The key "{key}" is written twice.')
            result[key] = self.of(value_node)
        return _long_form(result)

    def _tagged(self, node: yaml.Node) -> dict[str, Any]:
        name = node.tag[1:]
        if name not in PREFIXED and name not in BARE:
            self._refuse(node, f"!{name} is not a function of CloudFormation.")
        if isinstance(node, yaml.ScalarNode):
            value: Any = node.value
        elif isinstance(node, yaml.SequenceNode):
            value = [self.of(item) for item in node.value]
        elif isinstance(node, yaml.MappingNode):
            value = self._mapping(node)
        else:
            self._refuse(node, f"!{name} has no value.")
        return _long_form({name if name in BARE else f"Fn::{name}": value})

    def _refuse(self, node: yaml.Node, what: str, hint: str = "") -> NoReturn:
        self._where.refuse(node.start_mark.line + 1, what, hint)


def _long_form(value: dict[str, Any]) -> dict[str, Any]:
    """``Fn::GetAtt: a.b`` as a list, everything else as it is."""
    target = value.get("Fn::GetAtt")
    if len(value) == 1 and isinstance(target, str):
        return {"Fn::GetAtt": target.split(".", 1)}
    return value
