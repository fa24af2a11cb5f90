"""An update that is reported as complete has changed something: for each property of each type.

The properties come from the resource schemas. Each is added and changed; then the provider has made another call, or
has refused, or the resource is replaced.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.providers import PROVIDERS
from accountsctl.localcloud.cloudformation.providers.base import Context, ProviderError
from accountsctl.localcloud.cloudformation.providers.fixed_properties import refusal, replacing
from accountsctl.localcloud.cloudformation.resource_schemas.schemas import schema
from accountsctl.localcloud.unsupported_properties import UNSUPPORTED_PROPERTIES
from tests.local.cloudformation.providers.conftest import REGION
from tests.local.cloudformation.providers.sample_values import response, value

Values = Mapping[str, Any]
PASS = '{"Comment": "${key0}${key1}", "StartAt": "End", "States": {"End": {"Type": "Pass", "End": true}}}'
FUNCTION = f"arn:aws:lambda:{REGION}:123456789012:function:f"
BASES: Mapping[str, Values] = {
    "AWS::ApiGateway::Method": {"AuthorizationType": "NONE"},
    "AWS::ApiGateway::Stage": {"StageName": "prod", "DeploymentId": "d"},
    "AWS::ApiGatewayV2::Api": {"ProtocolType": "HTTP", "Name": "api"},
    "AWS::ApiGatewayV2::Authorizer": {"AuthorizerType": "JWT"},
    "AWS::ApiGatewayV2::Integration": {
        "IntegrationType": "AWS_PROXY",
        "PayloadFormatVersion": "2.0",
        "IntegrationUri": FUNCTION,
    },
    "AWS::ApiGatewayV2::Stage": {"AutoDeploy": True, "StageName": "$default"},
    "AWS::DynamoDB::Table": {"AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}]},
    "AWS::EC2::Route": {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"},
    "AWS::EC2::SecurityGroupEgress": {"GroupId": "sg-1", "CidrIp": "10.0.0.0/16"},
    "AWS::EC2::SecurityGroupIngress": {"GroupId": "sg-1", "CidrIp": "10.0.0.0/16"},
    "AWS::EC2::VPCGatewayAttachment": {"InternetGatewayId": "igw-1"},
    "AWS::IAM::Policy": {"Roles": ["role"]},
    "AWS::IAM::RolePolicy": {"PolicyDocument": {"Statement": []}},
    "AWS::Lambda::EventInvokeConfig": {"Qualifier": "$LATEST"},
    "AWS::Lambda::Function": {"Code": {"ZipFile": "code"}},
    "AWS::RDS::DBCluster": {"Engine": "aurora-postgresql", "ManageMasterUserPassword": True},
    "AWS::RDS::DBSubnetGroup": {"SubnetIds": ["subnet-a", "subnet-b"]},
    "AWS::SQS::Queue": {"FifoQueue": True},
    "AWS::StepFunctions::StateMachine": {"DefinitionString": PASS},
}
"""What a type needs besides what its schema requires."""
SAMPLES: Mapping[str, tuple[Any, Any]] = {
    "AWS::ApiGateway::Method.Integration": ({"Type": "MOCK"}, {"Type": "HTTP", "Uri": "https://example.com"}),
    "AWS::Cognito::IdentityPoolRoleAttachment.RoleMappings": (
        {"pool": {"Type": "Token"}},
        {"pool": {"Type": "Rules"}},
    ),
    "AWS::DynamoDB::Table.TimeToLiveSpecification": (
        {"AttributeName": "ttl", "Enabled": True},
        {"AttributeName": "ttl", "Enabled": False},
    ),
    "AWS::IAM::Policy.PolicyDocument": ({"Statement": []}, {"Statement": [{"Effect": "Deny"}]}),
    "AWS::Lambda::EventSourceMapping.Enabled": (False, True),
    "AWS::Lambda::Function.Code": ({"ZipFile": "code"}, {"ZipFile": "other"}),
    "AWS::RDS::DBCluster.EngineVersion": ("16.8", "17.7"),
    "AWS::RDS::DBCluster.MasterUserPassword": ("secret-one", "secret-two"),
    "AWS::RDS::DBInstance.AdditionalStorageVolumes": (
        [{"AllocatedStorage": "20"}],
        [{"AllocatedStorage": "40"}],
    ),
    "AWS::RDS::DBInstance.AllocatedStorage": ("20", "40"),
    "AWS::RDS::DBInstance.Port": ("5432", "5433"),
}
NO_EFFECT: Mapping[str, str] = {
    "AWS::ApiGateway::RestApi.FailOnWarnings": "is read when Body changes",
    "AWS::ApiGateway::RestApi.Mode": "is read when Body changes",
    "AWS::ApiGateway::RestApi.Parameters": "is read when Body changes",
    "AWS::ApiGatewayV2::Api.FailOnWarnings": "is read when Body changes",
    "AWS::KMS::Key.BypassPolicyLockoutSafetyCheck": "is sent with a key policy that changes",
    "AWS::KMS::Key.PendingWindowInDays": "is read when the key is deleted",
    "AWS::RDS::DBCluster.DeleteAutomatedBackups": "is of the deletion",
    "AWS::RDS::DBInstance.ApplyImmediately": "every update is applied at once",
    "AWS::RDS::DBInstance.DeleteAutomatedBackups": "is of the deletion",
    "AWS::StepFunctions::StateMachine.Definition": "DefinitionString comes first",
    "AWS::SQS::Queue.DeduplicationScope": "any other than the default is refused",
    "AWS::SQS::Queue.FifoThroughputLimit": "any other than the default is refused",
    "AWS::SQS::Queue.RedriveAllowPolicy": "any other than the default is refused",
}
"""The properties whose change alone needs no call, and why."""
NEEDS_MORE = ("AWS::SecretsManager::SecretTargetAttachment",)
"""It reads the secret, for which a response made from the API's model is not enough; a test of its own holds it."""


class Recorder:
    """Services that take every call, return what their model allows, and remember the calls."""

    def __init__(self, providers: Mapping[str, Any] = PROVIDERS) -> None:
        self.providers = providers
        self.calls: list[tuple[str, str]] = []
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        if service not in self._clients:
            client: Any = boto3.client(  # type: ignore[call-overload]  # the stubs accept only a literal name
                service, region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x"
            )
            client._make_api_call = lambda operation, arguments: self._call(client, operation, arguments)
            self._clients[service] = client
        return self._clients[service]

    def _call(self, client: Any, operation: str, arguments: Values) -> Any:
        self.calls.append((operation, json.dumps(arguments, default=str, sort_keys=True)))
        return response(client.meta.service_model.operation_model(operation).output_shape)

    def update(self, kind: str, old: Values, new: Values) -> list[tuple[str, str]] | None:
        """The calls of an update; None if the provider refuses it."""
        self.calls = []
        context = Context(
            client=self.client,
            stack_name="demo",
            stack_id=f"arn:aws:cloudformation:{REGION}:123456789012:stack/demo/1",
            logical_id="Thing",
            region=REGION,
            account="123456789012",
            partition="aws",
            token="ABCDEFGHIJKL",
        )
        try:
            self.providers[kind].update(context, "thing", old, new)
        except (ProviderError, ClientError):
            return None
        return sorted(self.calls)


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return Recorder()


def silent_changes(recorder: Recorder, kind: str) -> list[str]:
    """The changes of single properties that an update takes and does nothing about."""
    resource = schema(kind)
    assert resource is not None
    document = resource.document
    declared = document["properties"]
    required = {name: value(document, declared[name]) for name in document.get("required", [])}
    base = {**required, **BASES.get(kind, {})}
    skipped = {*resource.create_only, *resource.read_only, *UNSUPPORTED_PROPERTIES.get(kind, "").split()}
    silent = []
    for name in sorted(set(declared) - skipped):
        first, second = SAMPLES.get(f"{kind}.{name}") or (
            value(document, declared[name]),
            value(document, declared[name], 1),
        )
        before = {key: item for key, item in base.items() if key != name}
        for old, new in ((before, {**base, name: first}), ({**base, name: first}, {**base, name: second})):
            if (name in base and old is before) or old == new or name in replacing(kind, new):
                continue
            if refusal(kind, "thing", old, new) is None and not _has_effect(recorder, kind, old, new):
                silent.append(f"{kind}.{name}")
    return silent


def _has_effect(recorder: Recorder, kind: str, old: Values, new: Values) -> bool:
    calls = recorder.update(kind, old, new)
    return calls is None or calls != recorder.update(kind, old, old)


@pytest.mark.parametrize("kind", sorted(PROVIDERS.keys() - set(NEEDS_MORE)))
def test_every_property_that_an_update_takes_is_brought_to_the_service(recorder: Recorder, kind: str) -> None:
    assert set(silent_changes(recorder, kind)) <= set(NO_EFFECT)


def test_the_probe_sees_a_property_that_a_provider_drops() -> None:
    class Deaf:
        def update(self, context: Context, physical_id: str, old: Values, new: Values) -> None:
            context.client("kms").describe_key(KeyId=physical_id)

    recorder = Recorder({"AWS::KMS::Alias": Deaf()})
    assert silent_changes(recorder, "AWS::KMS::Alias") == ["AWS::KMS::Alias.TargetKeyId"]
