"""What is taken to hold of a template though only the deployment knows it, by the pointer of what hangs on it.

A resource under a condition is read as one that is there: the condition may hold, so nothing is said against the API
for it. That it is an assumption is said of every request that needs the resource.

A plain output (one that is not exported) does not show that other stacks add parts: nearly every template has some, and
people, scripts and a parent stack read them. They may add parts by such an id, which is said with a cause that is an
absence: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.templates.common import Reader, listed, mapping
from accountsctl.doctor.facts.templates.document import is_exported
from accountsctl.formats.json_pointer import escaped, path_of
from accountsctl.model.api_gateway import ApiKind, AuthorizationType

OUTPUTS = "/Outputs/"
"""How the pointers begin of what lets a part stand in another stack."""
ROUTES_ELSEWHERE = "routes in other stacks"
PERMISSIONS_ELSEWHERE = "permissions in other stacks"
TAKEN_TO_BE_RIGHT = "Only the deployment knows; it is taken to be right."
TAKEN_TO_HOLD = "Only the deployment knows; it is taken to hold."
PROPERTIES: Mapping[str, tuple[str, ...]] = {
    "AWS::ApiGateway::RestApi": (
        "BinaryMediaTypes",
        "DisableExecuteApiEndpoint",
        "EndpointConfiguration",
        "Policy",
    ),
    "AWS::ApiGateway::Method": ("ApiKeyRequired", "AuthorizerId", "Integration"),
    "AWS::ApiGateway::Authorizer": ("AuthorizerCredentials", "IdentitySource"),
    "AWS::ApiGatewayV2::Route": ("AuthorizerId", "Target"),
    "AWS::ApiGatewayV2::Authorizer": ("IdentitySource", "JwtConfiguration"),
}
"""What decides whether a request is let in or answered, and is silently taken to be right."""
OF_INTEGRATION = ("Credentials", "Type")
Assumption = tuple[str, tuple[str, str]]
"""A pointer, and what is taken to hold for what stands there: (what, why)."""


def with_assumptions(reader: Reader, api: Api) -> Api:
    """The API with what is taken to hold for its parts."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    every = (
        *_conditions(reader, api),
        *_branches(reader, api),
        *_properties(reader),
        *_user_pools(reader, api),
        *_outputs(reader, api),
    )
    for pointer, assumed in every:
        found[pointer] = (*found.get(pointer, ()), assumed)
    return replace(api, assumed=found)


def _conditions(reader: Reader, api: Api) -> Iterator[Assumption]:
    """The resources under a condition that is not known, other than the API's own: it is the API that is asked for."""
    resources = reader.document.body["Resources"]
    own = mapping(resources.get(api.name)).get("Condition")
    for name, resource in resources.items():
        condition = mapping(resource).get("Condition")
        if condition not in (None, own) and reader.resolver.condition(str(condition)) is None:
            why = f"{name} is made only if it holds. {TAKEN_TO_HOLD}"
            yield reader.at(name).pointer, (f"the condition {condition}", why)


def _branches(reader: Reader, api: Api) -> Iterator[Assumption]:
    """The conditions in the API's own document of which one branch is a path or a method, and the other nothing."""
    text = json.dumps(reader.stated(api.name), default=str)
    for condition in sorted(reader.resolver.assumed):
        if f'"Fn::If": ["{condition}"' in text:
            why = f"A part of the document of {api.name} stands under it. {TAKEN_TO_HOLD}"
            yield reader.at(api.name).pointer, (f"the condition {condition}", why)


def _properties(reader: Reader) -> Iterator[Assumption]:
    """The properties of which only the deployment knows the value, or a part of it."""
    for kind, names in PROPERTIES.items():
        for id_, properties in reader.of_type(kind):
            for name in names:
                value = properties.get(name)
                if name == "Integration" and isinstance(value, Mapping):
                    value = [value.get(part) for part in OF_INTEGRATION]
                is_read = name == "Policy" and isinstance(value, Mapping)
                if reader.hidden(value) and not is_read:
                    yield reader.at(id_).pointer, (f"{name} of {id_}", TAKEN_TO_BE_RIGHT)


def _user_pools(reader: Reader, api: Api) -> Iterator[Assumption]:
    """The authorizers of which only the deployment knows whose tokens they take."""
    for name, authorizer in api.authorizers.items():
        stated = _at(reader.document.body, authorizer.place.of("pools").pointer)
        arns = listed(reader.resolver.value(stated))
        of_pool = authorizer.type == AuthorizationType.COGNITO and authorizer.pools is None
        if of_pool and any(reader.hidden(arn) for arn in arns):
            why = "Only the deployment knows which it is; the page's token is taken to be of it."
            yield authorizer.place.pointer, (f"the user pool that the authorizer {name} trusts", why)


def _outputs(reader: Reader, api: Api) -> Iterator[Assumption]:
    """The outputs that are not exported, and give an id by which a route or a permission can be added elsewhere.

    A method of a REST API cannot: it needs the id of its resource too.
    """
    pointers = (path_of(function.place.pointer) for function in api.functions.values())
    functions = {pointer[1] for pointer in pointers if pointer[:1] == ["Resources"]}
    for name, output in mapping(reader.document.body.get("Outputs")).items():
        value = str(reader.resolver.value(mapping(output).get("Value")))
        id_ = value.removeprefix("${").removesuffix("}").removesuffix(".Arn")
        if is_exported(output) or value not in ("${" + id_ + "}", "${" + id_ + ".Arn}"):
            continue
        if id_ in functions:
            why = (
                f"The output {name} gives {id_} to a parent stack and to scripts, which may add a permission."
            )
            yield f"{OUTPUTS}{escaped(name)}", (PERMISSIONS_ELSEWHERE, why)
        elif id_ == api.name and api.kind == ApiKind.HTTP:
            why = f"The output {name} gives {id_} to a parent stack and to scripts, which may add routes."
            yield f"{OUTPUTS}{escaped(name)}", (ROUTES_ELSEWHERE, why)


def _at(body: Any, pointer: str) -> Any:
    """What stands at a pointer of the template as it is written; None if nothing does."""
    for part in path_of(pointer):
        body = body.get(part) if isinstance(body, Mapping) else None
    return body
