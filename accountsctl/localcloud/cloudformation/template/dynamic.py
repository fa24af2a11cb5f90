"""Dynamic references: ``{{resolve:ssm|ssm-secure|secretsmanager:...}}``, read when a handler is called.

See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.template.scope import TemplateValue

REFERENCE = re.compile(r"\{\{resolve:(ssm|ssm-secure|secretsmanager):([^{}]+)\}\}")
SECRET = re.compile(
    r"(?P<id>arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+|[^:]+)"
    r"(?::SecretString(?::(?P<key>[^:]*)(?::(?P<stage>[^:]*)(?::(?P<version>[^:]*))?)?)?)?"
)
ClientOf = Callable[[str], Any]


SECURE = "{{resolve:ssm-secure:"
SECURE_PROPERTIES = {
    "AWS::DirectoryService::MicrosoftAD": ("Password",),
    "AWS::DirectoryService::SimpleAD": ("Password",),
    "AWS::ElastiCache::ReplicationGroup": ("AuthToken",),
    "AWS::IAM::User": ("LoginProfile",),
    "AWS::KinesisFirehose::DeliveryStream": ("RedshiftDestinationConfiguration",),
    "AWS::RDS::DBCluster": ("MasterUserPassword",),
    "AWS::RDS::DBInstance": ("MasterUserPassword",),
    "AWS::Redshift::Cluster": ("MasterUserPassword",),
}
"""Where AWS takes a reference to a secure parameter; in any other property it would end up readable."""


def refuse_secure_references(resource_type: str, properties: Mapping[str, TemplateValue]) -> None:
    """Raise CloudFormationError for a reference to a secure parameter where AWS takes none."""
    allowed = SECURE_PROPERTIES.get(resource_type, ())
    wrong = [
        f"{resource_type}/Properties/{name}"
        for name, value in properties.items()
        if name not in allowed and SECURE in json.dumps(value, default=str)
    ]
    if wrong:
        raise CloudFormationError(f"SSM Secure reference is not supported in: [{', '.join(wrong)}]")


def resolve(value: TemplateValue, client: ClientOf) -> TemplateValue:
    """`value` with every dynamic reference in it replaced by what it names."""
    if isinstance(value, dict):
        return {key: resolve(inner, client) for key, inner in value.items()}
    if isinstance(value, list):
        return [resolve(inner, client) for inner in value]
    if not isinstance(value, str) or "{{resolve:" not in value:
        return value
    return REFERENCE.sub(lambda match: _read(match.group(1), match.group(2), client), value)


def read_ssm(name: str, client: ClientOf, *, decrypt: bool = False) -> str:
    """The value of an SSM parameter; `name` may end in ``:version``."""
    answer = client("ssm").get_parameter(Name=name, WithDecryption=decrypt)
    return str(answer["Parameter"]["Value"])


def _read(service: str, what: str, client: ClientOf) -> str:
    if service == "secretsmanager":
        return _read_secret(what, client)
    return read_ssm(what, client, decrypt=service == "ssm-secure")


def _read_secret(what: str, client: ClientOf) -> str:
    match = SECRET.fullmatch(what)
    if match is None:
        raise CloudFormationError(f"Incorrect format is used in the following dynamic reference: [{what}]")
    wanted = {"SecretId": match["id"], "VersionStage": match["stage"], "VersionId": match["version"]}
    arguments = {key: value for key, value in wanted.items() if value}
    text = str(client("secretsmanager").get_secret_value(**arguments)["SecretString"])
    if not match["key"]:
        return text
    try:
        return str(json.loads(text)[match["key"]])
    except (ValueError, KeyError, TypeError) as error:
        raise CloudFormationError(
            f"Could not find a value associated with JSONKey in SecretString: [{match['key']}]"
        ) from error
