"""What stands around an API in a template: functions and their permissions, usage plans, domains, CloudFront."""

from __future__ import annotations

from collections.abc import Mapping

from accountsctl.doctor.facts.model import Authorizer, Function, Routes
from accountsctl.doctor.facts.permissions import Permission
from accountsctl.doctor.facts.templates.common import (
    Reader,
    function_key,
    mapping,
    mappings,
    number,
    whole,
)
from accountsctl.doctor.facts.templates.hidden_routes import hides_events
from accountsctl.doctor.facts.templates.indexes import once
from accountsctl.doctor.facts.templates.inline_code import handler_of
from accountsctl.doctor.facts.templates.qualifiers import calls_by_function, for_calls, qualifier_of
from accountsctl.doctor.facts.templates.resolving import name_in
from accountsctl.doctor.facts.templates.sam_events import sam_permissions
from accountsctl.doctor.facts.unknown import placeholder

FUNCTIONS = ("AWS::Lambda::Function", "AWS::Serverless::Function")


def functions_of(
    reader: Reader, routes: Routes, authorizers: Mapping[str, Authorizer]
) -> dict[str, Function]:
    """Every function that a route or an authorizer calls, and those of the template."""
    called = {
        method.integration.function: method.integration.place
        for methods in routes.values()
        for method in methods.values()
        if method.integration and method.integration.function
    }
    called |= {
        authorizer.function: authorizer.place for authorizer in authorizers.values() if authorizer.function
    }
    calls = calls_by_function(routes)
    permissions = once(reader, "permissions", lambda: permissions_of(reader))
    found = {}
    own = once(reader, "functions by key", lambda: _by_key(reader))
    by_name = once(reader, "functions by name", lambda: _by_name(reader))
    aliases = once(reader, "aliases", lambda: _aliases(reader))
    # A permission whose function only the deployment knows may be for any of them.
    for_any = {key for key in permissions if key not in own and key not in called and not _is_of_project(key)}
    for key, place in called.items():
        name = own.get(key) or by_name.get(key) or own.get(aliases.get(key, ""))
        every = permissions.get(key, ()) + (permissions.get(name, ()) if name and name != key else ())
        granted = for_calls(reader, calls.get(key, ()), every)
        if name is None:
            # Permissions may stand with it, in another stack, whatever stands here.
            found[key] = Function(key, place)
            continue
        given = reader.handed_on | reader.exported
        names = {name, *(alias for alias, of in aliases.items() if of == name)}
        elsewhere = (
            for_any or names & given or reader.incomplete or hides_events(reader, reader.properties(name))
        )
        found[key] = _function(reader, key, name, None if elsewhere else granted)
    return found


def _by_key(reader: Reader) -> dict[str, str]:
    return {function_key(placeholder(name)): name for name, _ in reader.of_type(*FUNCTIONS)}


def _by_name(reader: Reader) -> dict[str, str]:
    named = ((name, stated.get("FunctionName")) for name, stated in reader.of_type(*FUNCTIONS))
    return {str(stated): name for name, stated in named if stated is not None}


def _is_of_project(key: str) -> bool:
    """Whether a key is of a function of the project, ``function/name``, and not of a dynamic reference."""
    return "/" in key and ":" not in key


def _function(reader: Reader, key: str, name: str, granted: tuple[Permission, ...] | None) -> Function:
    properties = reader.properties(name)
    where = "InlineCode" if properties.get("InlineCode") else "Code/ZipFile"
    place = reader.at(name, timeout="Timeout", concurrency="ReservedConcurrentExecutions", code=where)
    return Function(
        key,
        place,
        granted,
        timeout=number(properties["Timeout"]) if "Timeout" in properties else 3.0,
        concurrency=whole(properties.get("ReservedConcurrentExecutions")),
        handler=handler_of(reader, name, properties, place.of("code")),
    )


def permissions_of(reader: Reader) -> dict[str, tuple[Permission, ...]]:
    """The Lambda permissions of a template, by function."""
    found: dict[str, tuple[Permission, ...]] = {}
    aliases = _aliases(reader)
    names = {stated: function_key(placeholder(name)) for stated, name in _by_name(reader).items()}
    for name, properties in reader.of_type("AWS::Lambda::Permission"):
        if "EventSourceToken" in properties:
            continue  # What Alexa sends, and API Gateway does not.
        function = str(properties.get("FunctionName", ""))
        key = function_key(function)
        source = properties.get("SourceArn")
        place = reader.at(name, source_arn="SourceArn")
        permission = Permission(
            str(properties.get("Principal", "")),
            place,
            _known_source(reader, str(source)) if source is not None else None,
            str(properties.get("Action", "lambda:InvokeFunction")),
            by_url=properties.get("InvokedViaFunctionUrl") in (True, "true"),
            url_auth=str(properties["FunctionUrlAuthType"]) if "FunctionUrlAuthType" in properties else None,
            qualifier=qualifier_of(reader, function),
        )
        key = aliases.get(key, key)
        key = names.get(key, key)
        found[key] = (*found.get(key, ()), permission)
    for key, granted in sam_permissions(reader).items():
        found[key] = (*found.get(key, ()), *granted)
    return found


def _known_source(reader: Reader, source: str) -> str:
    """A SourceArn; an API that only the deployment knows may be any: the template's own, by way of another stack."""
    start, colon, call = source.rpartition(":")
    api, slash, rest = call.partition("/")
    # A name that is neither declared nor a function's value is that of an API which SAM makes.
    declared = name_in(api) in {*reader.document.resources, *reader.resolver.section("Parameters")}
    hidden = slash and (declared or " " in api) and reader.hidden(api)
    return f"{start}{colon}*{slash}{rest}" if hidden else source


def _aliases(reader: Reader) -> dict[str, str]:
    """The functions of the template's aliases and versions, by their logical ids."""
    return {
        name: function_key(str(properties.get("FunctionName", "")))
        for name, properties in reader.of_type("AWS::Lambda::Alias", "AWS::Lambda::Version")
    }


def keys_served(reader: Reader, stage_resource: str, stage: str) -> bool | None:
    """Whether a usage plan with a key covers the stage; None if no plan stands here: it may stand elsewhere."""
    if not any(True for _ in reader.of_type("AWS::ApiGateway::UsagePlan")) and not _has_sam_plan(reader):
        return None
    with_key = {
        name_in(str(properties.get("UsagePlanId")))
        for _, properties in reader.of_type("AWS::ApiGateway::UsagePlanKey")
    }
    hidden = any(
        reader.hidden(part)
        for kind in ("AWS::ApiGateway::UsagePlan", "AWS::ApiGateway::UsagePlanKey")
        for _, properties in reader.of_type(kind)
        for part in (properties.get("UsagePlanId"), properties.get("ApiStages"))
    )
    plans = [name for name, _ in reader.of_type("AWS::ApiGateway::UsagePlan")]
    outputs = str(reader.resolver.value(mapping(reader.document.body.get("Outputs"))))
    given = any(name in reader.handed_on or placeholder(name) in outputs for name in plans)
    if hidden or given or reader.hidden(stage) or reader.incomplete:
        return None
    for name, properties in reader.of_type("AWS::ApiGateway::UsagePlan"):
        stages = {str(covered.get("Stage")) for covered in mappings(properties.get("ApiStages"))}
        if name in with_key and stages & {stage, placeholder(stage_resource)}:
            return True
    return False


def _has_sam_plan(reader: Reader) -> bool:
    """Whether SAM makes a usage plan of an API of the template."""
    auths = (properties.get("Auth") for _, properties in reader.of_type("AWS::Serverless::Api"))
    plans = (mapping(mapping(auth).get("UsagePlan")).get("CreateUsagePlan") for auth in auths)
    return any(plan in ("PER_API", "SHARED") for plan in plans)
