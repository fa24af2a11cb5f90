# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""AWS Step Functions: state machines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Parameters,
    Properties,
    ProvidedResource,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import (
    Tag,
    already_gone,
    bring_tags,
    refuse,
    tagged,
    truth,
)
from accountsctl.localcloud.unsupported_properties import UNSUPPORTED_PROPERTIES

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_SUBSTITUTION = re.compile(r"\$\{([\w.-]+)\}")


def _client(context: Context) -> SFNClient:
    client: SFNClient = context.client("stepfunctions")
    return client


def _definition(context: Context, properties: Properties) -> str:
    """The definition with its substitutions."""
    if "DefinitionS3Location" in properties:
        where = properties["DefinitionS3Location"]
        version = {"VersionId": where["Version"]} if "Version" in where else {}
        found = context.client("s3").get_object(Bucket=where["Bucket"], Key=where["Key"], **version)
        text = found["Body"].read().decode()
    elif "DefinitionString" in properties:
        text = str(properties["DefinitionString"])
    elif "Definition" in properties:
        text = json.dumps(properties["Definition"])
    else:
        raise ProviderError("A state machine needs DefinitionString, Definition or DefinitionS3Location")
    values = properties.get("DefinitionSubstitutions") or {}
    return _SUBSTITUTION.sub(lambda match: str(values[match[1]]) if match[1] in values else match[0], text)


class StateMachineProvider:
    """AWS::StepFunctions::StateMachine; Ref is its ARN."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        self._check(properties)
        client = _client(context)
        name = properties.get("StateMachineName") or f"{context.logical_id[:67]}-{context.token}"
        arn = f"arn:{context.partition}:states:{context.region}:{context.account}:stateMachine:{name}"
        if any(
            machine["stateMachineArn"] == arn for machine in client.list_state_machines()["stateMachines"]
        ):
            raise ProviderError(f"{arn} already exists", "AlreadyExists")
        call: Parameters = {
            "name": name,
            "definition": _definition(context, properties),
            "roleArn": properties["RoleArn"],
            "type": properties.get("StateMachineType", "STANDARD"),
            "tags": _tags(tagged(context, properties)["Tags"]),
        }
        client.create_state_machine(**call)
        return self._resource(arn)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._check(new)
        client = _client(context)
        client.update_state_machine(
            stateMachineArn=physical_id, definition=_definition(context, new), roleArn=new["RoleArn"]
        )
        bring_tags(
            context,
            old,
            new,
            lambda keys: client.untag_resource(resourceArn=physical_id, tagKeys=keys),
            lambda tags: client.tag_resource(resourceArn=physical_id, tags=_tags(tags)),
        )
        return self._resource(physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            _client(context).delete_state_machine(stateMachineArn=physical_id)

    def _check(self, properties: Properties) -> None:
        refuse(properties, UNSUPPORTED_PROPERTIES["AWS::StepFunctions::StateMachine"])
        logging = properties.get("LoggingConfiguration") or {}
        if logging.get("Level", "OFF") != "OFF":
            refuse(properties, "LoggingConfiguration")
        if truth((properties.get("TracingConfiguration") or {}).get("Enabled", False)):
            refuse(properties, "TracingConfiguration")

    def _resource(self, arn: str) -> ProvidedResource:
        return ProvidedResource(arn, {"Arn": arn, "Name": arn.rpartition(":")[2]})


def _tags(tags: Iterable[Tag]) -> list[Any]:
    return [{"key": tag["Key"], "value": tag["Value"]} for tag in tags]
