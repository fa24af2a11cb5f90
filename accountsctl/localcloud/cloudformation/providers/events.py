# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""Amazon EventBridge: rules, buses and their policies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Parameters,
    Properties,
    ProvidedResource,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import (
    already_gone,
    bring_tags,
    changed,
    parameters,
    refuse,
    removed_tags,
    tagged,
    text,
    undone_by,
)
from accountsctl.localcloud.unsupported_properties import UNSUPPORTED_PROPERTIES

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

BUS_UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::Events::EventBus"]


def _client(context: Context) -> EventBridgeClient:
    client: EventBridgeClient = context.client("events")
    return client


def _bus(properties: Properties) -> str:
    return str(properties.get("EventBusName") or "default").rpartition("/")[2]


class RuleProvider:
    """AWS::Events::Rule; Ref is its name, after the bus's if that is not the default one."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client, bus = _client(context), _bus(properties)
        name = properties.get("Name") or context.name(64)
        known = client.list_rules(NamePrefix=name, EventBusName=bus)["Rules"]
        if any(rule["Name"] == name for rule in known):
            raise ProviderError(f"{name} already exists", "AlreadyExists")
        self._put(context, name, properties)
        with undone_by(lambda: self._remove(client, name, bus, properties)):
            self._targets(client, name, {}, properties)
        return self._resource(context, name, bus)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        client, name, bus = _client(context), physical_id.rpartition("|")[2], _bus(new)
        self._put(context, name, new)
        self._targets(client, name, old, new)
        resource = self._resource(context, name, bus)
        if gone := removed_tags(context, old, new):
            client.untag_resource(ResourceARN=resource.attributes["Arn"], TagKeys=gone)
        return resource

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            name = physical_id.rpartition("|")[2]
            self._remove(_client(context), name, _bus(properties), properties)

    def _put(self, context: Context, name: str, properties: Properties) -> None:
        client = _client(context)
        wanted = tagged(context, properties)
        if "EventPattern" in wanted:
            wanted["EventPattern"] = text(wanted["EventPattern"])
        call = parameters(client, "put_rule", {**wanted, "Name": name, "EventBusName": _bus(properties)})
        client.put_rule(**call)

    def _targets(self, client: EventBridgeClient, name: str, old: Properties, new: Properties) -> None:
        before = {target["Id"]: target for target in old.get("Targets") or []}
        after = {target["Id"]: target for target in new.get("Targets") or []}
        gone = [target for target in before if target not in after]
        if gone:
            client.remove_targets(Rule=name, EventBusName=_bus(new), Ids=gone)
        if after and before != after:
            call = parameters(client, "put_targets", {"Targets": list(after.values())})
            client.put_targets(Rule=name, EventBusName=_bus(new), Targets=call["Targets"])

    def _remove(self, client: EventBridgeClient, name: str, bus: str, properties: Properties) -> None:
        ids = [target["Id"] for target in properties.get("Targets") or []]
        with already_gone():
            if ids:
                client.remove_targets(Rule=name, EventBusName=bus, Ids=ids)
        client.delete_rule(Name=name, EventBusName=bus)

    def _resource(self, context: Context, name: str, bus: str) -> ProvidedResource:
        where = f"arn:{context.partition}:events:{context.region}:{context.account}:rule"
        if bus == "default":
            return ProvidedResource(name, {"Arn": f"{where}/{name}"})
        return ProvidedResource(f"{bus}|{name}", {"Arn": f"{where}/{bus}/{name}"})


class EventBusProvider:
    """AWS::Events::EventBus; Ref is its name."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        refuse(properties, BUS_UNSUPPORTED)
        client, name = _client(context), str(properties["Name"])
        call = parameters(client, "create_event_bus", tagged(context, properties))
        client.create_event_bus(**call)
        with undone_by(lambda: client.delete_event_bus(Name=name)):
            self._policy(client, name, {}, properties)
        return self._resource(context, name)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        refuse(new, BUS_UNSUPPORTED)
        client = _client(context)
        self._policy(client, physical_id, old, new)
        resource = self._resource(context, physical_id)
        arn = resource.attributes["Arn"]
        bring_tags(
            context,
            old,
            new,
            lambda keys: client.untag_resource(ResourceARN=arn, TagKeys=keys),
            lambda tags: client.tag_resource(ResourceARN=arn, Tags=tags),
        )
        return resource

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            _client(context).delete_event_bus(Name=physical_id)

    def _policy(self, client: EventBridgeClient, name: str, old: Properties, new: Properties) -> None:
        if not changed(old, new, "Policy"):
            return
        client.remove_permission(EventBusName=name, RemoveAllPermissions=True)
        if "Policy" in new:
            client.put_permission(EventBusName=name, Policy=text(new["Policy"]))

    def _resource(self, context: Context, name: str) -> ProvidedResource:
        arn = f"arn:{context.partition}:events:{context.region}:{context.account}:event-bus/{name}"
        return ProvidedResource(name, {"Arn": arn, "Name": name})


class EventBusPolicyProvider:
    """AWS::Events::EventBusPolicy: one statement of a bus's policy."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        self._put(context, properties)
        return ProvidedResource(f"{_bus(properties)}|{properties['StatementId']}")

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._put(context, new)
        return ProvidedResource(physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            _client(context).remove_permission(
                EventBusName=_bus(properties), StatementId=properties["StatementId"]
            )

    def _put(self, context: Context, properties: Properties) -> None:
        client, bus = _client(context), _bus(properties)
        if "Statement" not in properties:
            client.put_permission(**parameters(client, "put_permission", {**properties, "EventBusName": bus}))
            return
        statement: Any = properties["Statement"]
        document = json.loads(statement) if isinstance(statement, str) else dict(statement)
        named: Parameters = {**document, "Sid": properties["StatementId"]}
        policy = {"Version": "2012-10-17", "Statement": [named]}
        client.put_permission(EventBusName=bus, Policy=json.dumps(policy))
