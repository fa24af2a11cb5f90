"""What every spelling of an API shares: functions by name, mapping tables, mock answers, permissions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from accountsctl.doctor.browser.urls import EXECUTE_API
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.facts.templates.document import TRANSFORM, Document, is_exported
from accountsctl.doctor.facts.templates.resolving import Resolver, name_in
from accountsctl.doctor.facts.templates.sam_values import as_sam_reads
from accountsctl.doctor.facts.unknown import PLACEHOLDER
from accountsctl.formats.json_pointer import escaped
from accountsctl.model.cors_headers import ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN

FUNCTION_IN_URI = re.compile(r":lambda:path/[^/]*/functions/(.+?)/(?:response-streaming-)?invocations")
_REF = re.compile(r'"(?:Ref|Fn::GetAtt)": \[?"(\w+)')
SERVERLESS = "AWS::Serverless::"
REPLACED = ("Architectures",)
"""Lists of Globals that a resource's own replaces."""
KNOWN_TRANSFORMS = ("AWS::Serverless", "AWS::LanguageExtensions")
HIDDEN = "${Transform}"
"""The value of a property that a macro or an included file may give."""
OF_APIS = ("AWS::ApiGateway", SERVERLESS, "AWS::Lambda::Permission")
CORS_HEADERS = (ALLOW_ORIGIN, ALLOW_METHODS, ALLOW_HEADERS, ALLOW_CREDENTIALS)
NESTED = ("AWS::CloudFormation::Stack", "AWS::CloudFormation::StackSet", "AWS::Serverless::Application")
STORE = "AWS::SSM::Parameter"
"""From where other stacks read what one puts there: `{{resolve:ssm:}}` and parameters of SSM's types."""


@dataclass(frozen=True)
class Reader:
    """One document being read: its resources, its resolver, and where its parts stand."""

    document: Document
    resolver: Resolver
    layer: Layer = Layer.STATIC
    sources: Callable[[str], Mapping[str, str]] = field(default=lambda _: {}, compare=False)
    """The code in a folder beside the document, by its location: path in it -> text; empty if it is not read."""
    read: list[str] = field(default_factory=list, compare=False)
    """The logical ids that were read, the latest last: where a template is wrong if it cannot be read on."""
    made: dict[str, Any] = field(default_factory=dict, compare=False)
    """What was worked out of the document, by names that say what it is."""
    _resolved: dict[str, Mapping[str, Any]] = field(default_factory=dict, compare=False)

    def of_type(self, *types: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Logical id and resolved properties of the resources of some types, but those that a condition drops."""
        resources = self.document.resources
        found = [place for kind in types for place in self.document.by_type.get(kind, ())]
        for _, name in found if len(types) == 1 else sorted(found):
            resource = resources[name]
            if "Condition" in resource and self.resolver.condition(str(resource["Condition"])) is False:
                continue
            self.read.append(str(name))
            yield name, self.properties(name)

    @cached_property
    def incomplete(self) -> bool:
        """Whether the deployment adds resources or properties to what is written: loops, macros, included files."""
        resources = self.document.resources
        if TRANSFORM in self.document.body or any(str(name).startswith("Fn::") for name in resources):
            return True
        kinds = {name: str(mapping(resource).get("Type")) for name, resource in resources.items()}
        if any(kind in NESTED and _hands_on_unknown(self, name) for name, kind in kinds.items()):
            return True
        if any(kind.startswith(OF_APIS) and TRANSFORM in self.stated(name) for name, kind in kinds.items()):
            return True
        transforms = listed(self.document.body.get("Transform"))
        return any(not str(transform).startswith(KNOWN_TRANSFORMS) for transform in transforms)

    @cached_property
    def handed_on(self) -> frozenset[str]:
        """The resources that are given to nested stacks, modules, custom resources, or other stacks by way of SSM.

        All of these may add parts to them.
        """
        handed: list[Any] = []
        for kind in self.document.by_type:
            nested = kind in NESTED
            for name, properties in (
                self.of_type(kind) if nested or kind == STORE or _may_add_parts(kind) else ()
            ):
                given = [properties.get("Parameters")] if nested else properties.values()
                handed += [value for value in given if nested or EXECUTE_API not in str(value)]
                handed.append(_branches(self, name))
        return frozenset(found.partition(".")[0] for found in PLACEHOLDER.findall(str(handed)))

    def hidden(self, value: Any) -> bool:
        """Whether only the deployment knows a value: a part of it is neither of this template nor AWS's own."""
        found = PLACEHOLDER.findall(str(value)) if value is not None else []
        return any(not name.startswith("AWS::") and not self._tells(name.partition(".")[0]) for name in found)

    def _tells(self, name: str) -> bool:
        """Whether what a resource gives is known: not of nested stacks, nor of what makes its own parts."""
        kind = str(mapping(self.document.resources.get(name)).get("Type"))
        return kind not in NESTED and not _may_add_parts(kind)

    @cached_property
    def exported(self) -> frozenset[str]:
        """The resources whose ids or ARNs other stacks can import, to add parts to them."""
        outputs = map(mapping, mapping(self.document.body.get("Outputs")).values())
        values = [str(self.resolver.value(output.get("Value"))) for output in outputs if is_exported(output)]
        return frozenset(name_in(value) for value in values if value.startswith("${"))

    def properties(self, name: str) -> Mapping[str, Any]:
        """The resolved properties of a resource, with what SAM's Globals add."""
        if name not in self._resolved:
            self._resolved[name] = mapping(self.resolver.value(self.stated(name), top=True))
        return self._resolved[name]

    def stated(self, name: str) -> Mapping[str, Any]:
        """The properties of a resource as they are written, with what SAM's Globals add."""
        resource = mapping(self.document.resources.get(name))
        own = mapping(resource.get("Properties"))
        if is_intrinsic(own):
            own = {TRANSFORM: own}  # All of them are known to the deployment only.
        if TRANSFORM in resource:
            own = {**own, TRANSFORM: resource[TRANSFORM]}
        kind = str(resource.get("Type"))
        if not kind.startswith(SERVERLESS):
            return own
        return as_sam_reads(merged(self.globals(kind, resource.get("IgnoreGlobals")), own))

    def shared(self, kind: str) -> Mapping[str, Any]:
        """The resolved Globals of a SAM type (Api, HttpApi), which are those of the API that events imply."""
        stated = as_sam_reads(self.globals(f"{SERVERLESS}{kind}", None))
        return mapping(self.resolver.value(stated, top=True))

    def globals(self, kind: str, ignored: Any) -> Mapping[str, Any]:
        """The Globals of a SAM type as they are written, without those that a resource ignores."""
        stated = mapping(mapping(self.document.body.get("Globals")).get(kind.removeprefix(SERVERLESS)))
        left_out = () if ignored is None else listed(ignored)
        return {} if "*" in left_out else {key: value for key, value in stated.items() if key not in left_out}

    def place(self, pointer: str, **fields: str) -> SourcePlace:
        """A place in this document; a part that is not written there has the place of the whole."""
        known = {name: field for name, field in fields.items() if field in self.document.lines}
        return SourcePlace(self.layer, self.document.source, pointer, known)

    def at(self, name: str, **fields: str) -> SourcePlace:
        """The place of a resource, with those of its properties by our names for them."""
        base = pointer_of_properties(name)
        known = {key: f"{base}/{field}" for key, field in fields.items()}
        return self.place(f"/Resources/{escaped(name)}", **known)


def pointer_of_properties(name: str) -> str:
    """The pointer of a resource's properties."""
    return f"/Resources/{escaped(name)}/Properties"


def pointer_of_setting(reader: Reader, name: str, kind: str, setting: str) -> str:
    """Where a setting of a SAM API (Api, HttpApi) is written: in the Globals, if the API does not have it."""
    resource = mapping(reader.document.resources.get(name))
    shared = reader.globals(f"{SERVERLESS}{kind}", resource.get("IgnoreGlobals"))
    if setting in shared and setting not in mapping(resource.get("Properties")):
        return f"/Globals/{kind}/{setting}"
    return f"{pointer_of_properties(name)}/{setting}"


def _branches(reader: Reader, name: str) -> str:
    """The placeholders of what a resource names, if a condition may choose among them."""
    text = json.dumps(reader.stated(name), default=str)
    return _REF.sub(r"${\1}", text) if "Fn::If" in text and EXECUTE_API not in text else ""


def _hands_on_unknown(reader: Reader, nested: str) -> bool:
    """Whether only the deployment knows what a nested stack is given."""
    stated = reader.stated(nested)
    return TRANSFORM in stated or isinstance(reader.resolver.value(stated.get("Parameters")), str)


def _may_add_parts(kind: str) -> bool:
    """Whether resources of a type make or change others: custom resources, modules, types of third parties."""
    return not kind.startswith("AWS::") or kind == "AWS::CloudFormation::CustomResource"


def function_key(reference: str) -> str:
    """How a function is called in `Api.functions`: by the resource, parameter or ARN that names it."""
    text = reference.strip()
    if text.startswith("arn:") or ":function:" in text or re.fullmatch(r"[\w-]+:[\w$-]+", text):
        text = text.rpartition(":function:")[2] or text
        text = text.partition(":")[0]
    found = re.match(r"\$\{([^}]+)\}", text)
    if found:
        text = re.sub(r"\.(Arn|Name|Alias|FunctionName|FunctionArn|Outputs\.[A-Za-z]+)$", "", found.group(1))
    return re.sub(r"(?<=[a-z0-9])(Arn|Name)$", "", text)


def function_of(uri: str) -> str | None:
    """The function that an integration's URI calls; None if it calls none, or a stage variable names it."""
    found = FUNCTION_IN_URI.search(uri)
    if found is None or "stageVariables" in found.group(1):
        return None
    return function_key(found.group(1))


def calling_role(reader: Reader, stated: Any) -> bool | None:
    """Whether API Gateway calls a function by a role; None: by one of this template that it may not assume."""
    found = re.fullmatch(r"\$\{([^.}]+)\.Arn\}", str(stated))
    return None if found and _refuses_gateway(reader, found.group(1)) else bool(stated)


def _refuses_gateway(reader: Reader, role: str) -> bool:
    """Whether a role's trust policy lacks API Gateway; one that SAM makes for a function is for Lambda alone."""
    resources = reader.document.resources
    if role in resources:
        is_role = mapping(resources[role]).get("Type") == "AWS::IAM::Role"
        trust = json.dumps(reader.properties(role).get("AssumeRolePolicyDocument")) if is_role else "*"
        return not any(part in trust.lower() for part in ("apigateway", "*", "${", "null"))
    function = role.removesuffix("Role")
    made = function != role and mapping(resources.get(function)).get("Type") == f"{SERVERLESS}Function"
    return made and not {"Role", "AssumeRolePolicyDocument", TRANSFORM} & reader.stated(function).keys()


def number(value: Any) -> float | None:
    """A number, however it is written; None if it is none, only the deployment knows it, or AWS takes none so long."""
    text = str(value)[:40].strip()
    return float(text) if re.fullmatch(r"-?\d{1,18}(\.\d{1,18})?", text) else None


def whole(value: Any) -> int | None:
    """A whole number; None as for `number`."""
    found = number(value)
    return None if found is None else int(found)


def mapping(value: Any) -> Mapping[str, Any]:
    """A mapping; an empty one for anything else, which is what a placeholder is."""
    return value if isinstance(value, Mapping) else {}


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """The mappings of a list; none of anything else."""
    return [part for part in value if isinstance(part, Mapping)] if isinstance(value, list) else []


def listed(value: Any) -> list[Any]:
    """A list; what stands alone as a list of one, nothing as none."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def policy_of(value: Any) -> Mapping[str, Any] | None:
    """A policy, written out or as JSON text; None if there is none, or only the deployment knows it."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    return value if isinstance(value, Mapping) and value else None


def pools_of(arns: Any) -> tuple[str, ...] | None:
    """The ids in user pools' ARNs; None if one is not stated."""
    found = [str(arn).rpartition("userpool/")[2] for arn in listed(arns)]
    return None if not found or any("${" in arn for arn in found) else tuple(found)


def is_intrinsic(value: Any) -> bool:
    """Whether a value is a function of CloudFormation."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    name = str(next(iter(value)))
    return name in ("Ref", "Condition") or name.startswith("Fn::")


def is_true(value: Any) -> bool:
    """Whether a property is true, written as a boolean or as text."""
    return str(value).lower() == "true"


def merged(shared: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Globals and own properties as SAM merges them: mappings deeply, lists one after the other.

    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
    """
    found = {**shared, **own}
    for key in shared.keys() & own.keys():
        one, other = shared[key], own[key]
        if is_intrinsic(one) or is_intrinsic(other) or key in REPLACED:
            continue
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            found[key] = merged(one, other)
        elif isinstance(one, list) and isinstance(other, list):
            found[key] = [*one, *other]
    return found
