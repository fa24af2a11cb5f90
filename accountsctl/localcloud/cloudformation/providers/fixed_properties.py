"""Properties that no update changes in place, although the resource schemas do not declare them create-only.

AWS finds them out in the handler of a type: it refuses the change, or answers NotUpdatable for a property that the
schema calls conditionally create-only, and CloudFormation replaces the resource. An update that is reported as
complete and changes nothing is neither. Sources: the handlers at github.com/aws-cloudformation, and "Update requires"
of each property in the CloudFormation User Guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accountsctl.localcloud.cloudformation.providers.base import Properties

_POOL = "Updates are not allowed for property - {name}."
_KEY = "Resource of type '{type}' with identifier '{id}' is not updatable with parameters provided."
_HERE = (
    "The embedded cloud cannot change {name} of a resource that exists. Set it back to what it was, "
    "or push to AWS to change it"
)
_OURS = (
    "{name} cannot be changed: RDS has no call that changes it. Set it back to what it was, "
    "or create another cluster"
)

_REFUSED: Mapping[str, tuple[str, str]] = {
    "AWS::ApiGateway::RestApi": ("EndpointAccessMode SecurityPolicy Version", _HERE),
    "AWS::Cognito::UserPool": ("AliasAttributes UsernameAttributes UsernameConfiguration", _POOL),
    "AWS::DynamoDB::Table": ("LocalSecondaryIndexes SSESpecification TableClass", _HERE),
    "AWS::EC2::Subnet": ("Ipv6CidrBlock", _HERE),
    "AWS::Events::EventBus": ("Description KmsKeyIdentifier", _HERE),
    "AWS::KMS::Key": ("KeySpec KeyUsage MultiRegion Origin", _KEY),
    "AWS::Lambda::EventSourceMapping": ("Tags", _HERE),
    "AWS::Logs::LogGroup": (
        "LogGroupClass",
        "LogGroupClass cannot be changed after the log group was created",
    ),
    "AWS::RDS::DBCluster": ("AvailabilityZones Engine MasterUsername", _OURS),
    "AWS::SNS::Subscription": ("Region", _HERE),
}
"""By type: the properties, apart by spaces, and what the handler says."""

_REPLACED: Mapping[str, str] = {
    "AWS::DynamoDB::Table": "KeySchema",
    "AWS::EC2::VPC": "InstanceTenancy",
    "AWS::Events::Rule": "EventBusName",
    "AWS::RDS::DBInstance": "AvailabilityZone Engine",
}
"""By type: the conditionally create-only properties whose change replaces the resource."""


def refusal(type_name: str, physical_id: str, old: Properties, new: Properties) -> str | None:
    """The handler's message for an update that changes what cannot be changed; None if there is no such change."""
    names, message = _REFUSED.get(type_name, ("", ""))
    for name in names.split():
        if old.get(name) != new.get(name):
            return message.format(name=name, type=type_name, id=physical_id)
    if type_name == "AWS::Cognito::UserPool" and not _attributes(old).items() <= _attributes(new).items():
        return "Existing schema attributes cannot be modified or deleted."
    return None


def replacing(type_name: str, new: Properties) -> frozenset[str]:
    """The conditionally create-only properties whose change to what `new` holds replaces the resource."""
    if type_name == "AWS::EC2::VPC" and new.get("InstanceTenancy", "default") == "default":
        return frozenset()
    return frozenset(_REPLACED.get(type_name, "").split())


def _attributes(pool: Properties) -> dict[str, Any]:
    """The attributes that a pool's template declares, by name."""
    return {attribute.get("Name", ""): attribute for attribute in pool.get("Schema") or []}
