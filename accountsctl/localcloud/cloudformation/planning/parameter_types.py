"""Parameters whose type names a kind of AWS resource: what is given for them must exist in the account.

See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
"""

from __future__ import annotations

from collections.abc import Mapping

from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.runtime.shapes import TemplateValue
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.template.functions import UNKNOWN
from accountsctl.localcloud.cloudformation.template.parsing import ParsedTemplate

LOOKUPS = {
    "AWS::EC2::AvailabilityZone::Name": ("describe_availability_zones", "ZoneNames"),
    "AWS::EC2::Image::Id": ("describe_images", "ImageIds"),
    "AWS::EC2::Instance::Id": ("describe_instances", "InstanceIds"),
    "AWS::EC2::KeyPair::KeyName": ("describe_key_pairs", "KeyNames"),
    "AWS::EC2::SecurityGroup::GroupName": ("describe_security_groups", "GroupNames"),
    "AWS::EC2::SecurityGroup::Id": ("describe_security_groups", "GroupIds"),
    "AWS::EC2::Subnet::Id": ("describe_subnets", "SubnetIds"),
    "AWS::EC2::Volume::Id": ("describe_volumes", "VolumeIds"),
    "AWS::EC2::VPC::Id": ("describe_vpcs", "VpcIds"),
}
"""For each type the operation of EC2 that knows its values, and the argument that takes them."""
HOSTED_ZONE = "AWS::Route53::HostedZone::Id"


def check_existence(
    runtime: StackRuntime, region: str, template: ParsedTemplate, values: Mapping[str, TemplateValue]
) -> None:
    """Raise CloudFormationError for a value that names nothing. Values that are not known yet pass."""
    for name, definition in template.parameters.items():
        kind = str(definition["Type"]).removeprefix("List<").removesuffix(">")
        given = values[name] if isinstance(values[name], list) else [values[name]]
        for value in given if kind in (*LOOKUPS, HOSTED_ZONE) else ():
            if value is not UNKNOWN and not _exists(runtime, region, kind, str(value)):
                raise CloudFormationError(
                    f"Parameter validation failed: parameter value {value} for parameter name {name} does not exist"
                )


def _exists(runtime: StackRuntime, region: str, kind: str, value: str) -> bool:
    if kind == HOSTED_ZONE:
        return False  # Route 53 is not imitated, so there is none
    operation, argument = LOOKUPS[kind]
    try:
        found = getattr(runtime.clients("ec2", region), operation)(**{argument: [value]})
    except ClientError as error:
        if error.response["Error"]["Code"].startswith("Invalid"):
            return False
        raise
    return any(found[key] for key in found if key != "ResponseMetadata")
