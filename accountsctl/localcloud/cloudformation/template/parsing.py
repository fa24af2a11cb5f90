"""Reading a template: text, JSON or YAML with short forms, into sections that are known to be sound.

Only the shape is checked here, with the words that CloudFormation uses. What the values mean (does a
`Ref` point anywhere, is a property known) is decided later, where parameters and schemas are at hand.
See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import yaml

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.template.limits import check_limits
from accountsctl.localcloud.cloudformation.template.members import (
    check_conditions,
    check_description,
    check_outputs,
    check_resource,
    refuse_nulls,
)
from accountsctl.localcloud.cloudformation.template.parameter_definitions import check_definitions
from accountsctl.localcloud.cloudformation.template.scope import TemplateValue

SECTIONS = {
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Hooks",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
}
LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
SERVERLESS = "AWS::Serverless-2016-10-31"
INCLUDE = "AWS::Include"
TRANSFORM = "Fn::Transform"
OTHER_TRANSFORMS = ("AWS::CodeDeployBlueGreen", "AWS::SecretsManager-", "AWS::ServiceCatalog")
"""How the names of AWS's transforms begin that are not played."""


@dataclass(frozen=True)
class ParsedTemplate:
    """A template's text as it was uploaded, and its sections in long form."""

    text: str
    body: Mapping[str, TemplateValue]

    @property
    def resources(self) -> Mapping[str, Mapping[str, TemplateValue]]:
        return self._section("Resources")

    @property
    def parameters(self) -> Mapping[str, Mapping[str, TemplateValue]]:
        return self._section("Parameters")

    @property
    def conditions(self) -> Mapping[str, TemplateValue]:
        return self._section("Conditions")

    @property
    def mappings(self) -> Mapping[str, TemplateValue]:
        return self._section("Mappings")

    @property
    def outputs(self) -> Mapping[str, Mapping[str, TemplateValue]]:
        return self._section("Outputs")

    @property
    def description(self) -> str | None:
        return self.body.get("Description")

    @property
    def rules(self) -> Mapping[str, TemplateValue]:
        return self._section("Rules")

    @property
    def declared_transforms(self) -> list[Mapping[str, TemplateValue]]:
        """The transforms of the whole template: Name, and Parameters if there are any."""
        declared = self.body.get("Transform") or []
        listed = declared if isinstance(declared, list) else [declared]
        return [entry if isinstance(entry, dict) else {"Name": str(entry)} for entry in listed]

    @property
    def transforms(self) -> list[str]:
        """The names of the transforms of the whole template."""
        return [str(entry.get("Name")) for entry in self.declared_transforms]

    @cached_property
    def is_transformed(self) -> bool:
        """Whether the template, or a part of it, is what a transform is to make it."""
        return bool(self.declared_transforms) or any(
            _names_transform(section) for name, section in self.body.items() if name != "Metadata"
        )

    @property
    def typed_resources(self) -> list[tuple[str, Mapping[str, TemplateValue]]]:
        """Type and definition of each resource that is written out; loops are not."""
        return [
            (str(definition["Type"]), definition)
            for definition in self.resources.values()
            if isinstance(definition, Mapping) and "Type" in definition
        ]

    def _section(self, name: str) -> Mapping[str, TemplateValue]:
        section: Mapping[str, TemplateValue] = self.body.get(name) or {}
        return section


class _YamlLoader(yaml.SafeLoader):
    """YAML as CloudFormation reads it: dates stay text, ``!Fn`` tags become long forms."""

    yaml_implicit_resolvers = {
        first: [rule for rule in rules if rule[0] != "tag:yaml.org,2002:timestamp"]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _short_form(loader: _YamlLoader, suffix: str, node: yaml.Node) -> dict[str, TemplateValue]:
    value: TemplateValue
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_YamlLoader.add_multi_constructor("!", _short_form)


def load(text: str) -> ParsedTemplate:
    """Parse and check a template; raises CloudFormationError in CloudFormation's words.

    Of one that is transformed only so much is checked as the transforms leave as it is.
    """
    body = parse(text)
    template = ParsedTemplate(text, body)
    if not template.is_transformed:
        check_body(body)
        return template
    _check_sections({name: section for name, section in body.items() if name in SECTIONS})
    for name in template.transforms:
        if name.startswith(OTHER_TRANSFORMS):
            raise CloudFormationError(f"The embedded cloud does not play the transform {name}.")
    if not _names_transform(template.parameters):
        check_definitions(template.parameters)
    return template


def deployed(text: str) -> ParsedTemplate:
    """The template of a stack that exists, unchecked: an earlier version may have taken what is refused now."""
    return ParsedTemplate(text, parse(text))


def check_body(body: Mapping[str, TemplateValue]) -> None:
    """Raise CloudFormationError for what is not a template that can be deployed as it is."""
    _check_sections(body)
    template = ParsedTemplate("", body)
    check_definitions(template.parameters)
    check_conditions(template.conditions)
    extended = LANGUAGE_EXTENSIONS in template.transforms
    for name, definition in template.resources.items():
        check_resource(str(name), definition, extended=extended)
    check_outputs(template.outputs, template.resources)


def parse(text: str) -> dict[str, TemplateValue]:
    """The object that a template's text is, in long form."""
    try:
        body = json.loads(text) if text.lstrip().startswith("{") else yaml.load(text, _YamlLoader)  # noqa: S506 - derived from SafeLoader
    except json.JSONDecodeError as error:
        # CloudFormation gives the column behind the character that it could not take, if there is one.
        column = error.colno + (error.pos < len(error.doc))
        where = f"(line {error.lineno}, column {column})"
        raise CloudFormationError(f"Template format error: JSON not well-formed. {where}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise CloudFormationError(f"Template format error: YAML not well-formed.{where}") from error
    if not isinstance(body, dict):
        raise CloudFormationError("Template format error: unsupported structure.")
    return body


def _check_sections(body: Mapping[str, TemplateValue]) -> None:
    unknown = sorted(str(key) for key in body if key not in SECTIONS)
    if unknown:
        raise CloudFormationError(f"Invalid template property or properties [{', '.join(unknown)}]")
    if body.get("AWSTemplateFormatVersion", "2010-09-09") != "2010-09-09":
        raise CloudFormationError("Template format error: unsupported value for AWSTemplateFormatVersion.")
    check_description(body)
    refuse_nulls(body)
    for section in ("Parameters", "Rules", "Mappings", "Conditions", "Resources", "Outputs"):
        if not isinstance(body.get(section) or {}, dict):
            raise CloudFormationError(f"Template format error: Any {section} member must be an object.")
    if not body.get("Resources"):
        raise CloudFormationError("Template format error: At least one Resources member must be defined.")
    if body.get("Hooks"):
        raise CloudFormationError("The embedded cloud does not imitate the template section Hooks.")
    check_limits(body)


def _names_transform(value: TemplateValue) -> bool:
    """Whether a part of a value is to be made by a transform."""
    if isinstance(value, list):
        return any(_names_transform(item) for item in value)
    if not isinstance(value, Mapping):
        return False
    return TRANSFORM in value or any(_names_transform(inner) for inner in value.values())
