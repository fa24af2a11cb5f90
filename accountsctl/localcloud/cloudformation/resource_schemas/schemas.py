"""What AWS's resource schemas say of the types that the embedded cloud provides.

The JSON files beside this module were extracted by tools/extract_schemas.py. `ResourceSchema.faults`
is CloudFormation's own check of a resource before its handler is called: the same leniency (scalars
are converted to the type that the schema wants), the same words. Those that start with ``#`` are what
AWS prints after "Properties validation failed for resource <logical id> with message:"; the others
("Encountered unsupported property X") stand alone.

What a service refuses although its schema allows it, is the providers' business.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources

from accountsctl.localcloud.cloudformation.resource_schemas.validation import (
    PropertyValue,
    SchemaDocument,
    SchemaNode,
    coerced,
    findings,
    problems,
)

EVERY_PROPERTY_READABLE = frozenset(
    {
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::Subnet",
        "AWS::EC2::VPC",
        "AWS::Events::EventBus",
        "AWS::RDS::DBInstance",
        "AWS::RDS::DBParameterGroup",
        "AWS::SNS::Topic",
        "AWS::SQS::Queue",
        "AWS::SSM::Parameter",
    }
)
"""Types older than the registry, whose attributes are not only their read-only properties."""

CUSTOM_RESOURCE = "AWS::CloudFormation::CustomResource"


@dataclass(frozen=True)
class ResourceSchema:
    """One resource type. Paths are property names joined by slashes, as in ``MasterUserSecret/SecretArn``."""

    type_name: str
    create_only: frozenset[str]
    conditional_create_only: frozenset[str]
    read_only: frozenset[str]
    write_only: frozenset[str]
    primary_identifier: tuple[str, ...]
    document: SchemaDocument = field(repr=False, compare=False)

    def faults(self, properties: Mapping[str, PropertyValue]) -> list[str]:
        """Everything AWS would find wrong before it called the handler, in AWS's words; [] where sound."""
        refused = [f"Encountered unsupported property {name}" for name in self._written(properties)]
        return refused + problems(self.document, self.coerced(properties))

    def findings(
        self, properties: Mapping[str, PropertyValue], undecided: Callable[[PropertyValue], bool]
    ) -> list[tuple[str, str]]:
        """What early validation reports of properties that may hold undecided values: pointer and message."""
        written = [(f"/{name}", f"Unsupported property [{name}]") for name in self._written(properties)]
        return [*written, *findings(self.document, self.coerced(properties), undecided)]

    def _written(self, properties: Mapping[str, PropertyValue]) -> list[str]:
        """The properties that only AWS may set; a custom resource may have one of any name."""
        return [name for name in properties if name in self.read_only and self.type_name != CUSTOM_RESOURCE]

    def coerced(self, properties: Mapping[str, PropertyValue]) -> dict[str, PropertyValue]:
        """The properties as the handler gets them: ``"25"`` is 25 where the schema wants a number."""
        result: dict[str, PropertyValue] = coerced(self.document, self.document, properties)
        return result

    @property
    def taggable(self) -> bool:
        """Whether resources of the type have tags, the stack's among them."""
        return any(name.endswith("Tags") for name in self.document.get("properties", {}))

    def readable(self, attribute: str) -> bool:
        """Whether Fn::GetAtt may ask for this attribute (nested ones are written with dots)."""
        path = attribute.replace(".", "/")
        if self.type_name == "AWS::CloudFormation::Stack":
            return attribute.startswith("Outputs.")
        if self.type_name == CUSTOM_RESOURCE or path in self.read_only:
            return True
        return self.type_name in EVERY_PROPERTY_READABLE and self._declares(path)

    def _declares(self, path: str) -> bool:
        node: SchemaNode = self.document
        for name in path.split("/"):
            reference = node.get("$ref")
            node = self.document["definitions"][reference.rsplit("/", 1)[1]] if reference else node
            node = node.get("properties", {}).get(name)
            if node is None:
                return False
        return True


def schema(type_name: str) -> ResourceSchema | None:
    """The schema of a type; custom resources (``Custom::*``) share one. None if we carry none."""
    return _load(CUSTOM_RESOURCE if type_name.startswith("Custom::") else type_name)


@cache
def _load(type_name: str) -> ResourceSchema | None:
    document = _document(type_name.lower().replace("::", "-"))
    if document is None or document.get("typeName") != type_name:
        return None
    return ResourceSchema(
        type_name=type_name,
        create_only=frozenset(_paths(document, "createOnlyProperties")),
        conditional_create_only=frozenset(_paths(document, "conditionalCreateOnlyProperties")),
        read_only=frozenset(_paths(document, "readOnlyProperties")),
        write_only=frozenset(_paths(document, "writeOnlyProperties")),
        primary_identifier=tuple(_paths(document, "primaryIdentifier")),
        document=document,
    )


def _document(name: str) -> SchemaDocument | None:
    if not name.replace("-", "").isalnum():
        return None
    file = resources.files(__package__).joinpath(f"{name}.json")
    if not file.is_file():
        return None
    document: SchemaDocument = json.loads(file.read_text(encoding="utf-8"))
    return document


def _paths(document: SchemaDocument, keyword: str) -> Iterator[str]:
    return (pointer.removeprefix("/properties/") for pointer in document.get(keyword, []))


@cache
def is_resource_type(type_name: str) -> bool:
    """Whether AWS has a resource type of this name, here or not."""
    listed = resources.files(__package__).joinpath("types.txt").read_text(encoding="utf-8")
    return type_name in listed.splitlines()


@lru_cache(maxsize=1)
def services() -> SchemaDocument:
    """Facts about services that no schema carries: engine versions and runtimes (see the extractor)."""
    return _document("services") or {}
