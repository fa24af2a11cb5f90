"""What the embedded cloud lacks of the resource types that it supports: properties, and literal values of a few.

Whoever has to know before anything is sent reads it here, by names and literals alone; the providers refuse the same
properties when a resource is created, and values that are known only then.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from accountsctl.localcloud.contracts import machine_definitions
from accountsctl.localcloud.supported_types import CUSTOM_TYPES, SUPPORTED_TYPES

UNSUPPORTED_PROPERTIES: Mapping[str, str] = {
    "AWS::ApiGateway::ApiKey": "StageKeys",
    "AWS::ApiGateway::Deployment": "DeploymentCanarySettings StageDescription",
    "AWS::ApiGateway::RestApi": "CloneFrom",
    "AWS::ApiGateway::Stage": "CanarySetting ClientCertificateId",
    "AWS::ApiGatewayV2::Api": ("ApiKeySelectionExpression BasePath CredentialsArn RouteKey Target"),
    "AWS::ApiGatewayV2::Authorizer": (
        "AuthorizerCredentialsArn AuthorizerPayloadFormatVersion AuthorizerResultTtlInSeconds AuthorizerUri"
        " EnableSimpleResponses IdentityValidationExpression"
    ),
    "AWS::ApiGatewayV2::Integration": (
        "ConnectionId ContentHandlingStrategy CredentialsArn IntegrationSubtype PassthroughBehavior"
        " RequestParameters RequestTemplates ResponseParameters TemplateSelectionExpression TlsConfig"
    ),
    "AWS::ApiGatewayV2::Route": (
        "ApiKeyRequired ModelSelectionExpression RequestModels RequestParameters"
        " RouteResponseSelectionExpression"
    ),
    "AWS::ApiGatewayV2::Stage": ("ClientCertificateId DeploymentId RouteSettings"),
    "AWS::CloudWatch::Alarm": (
        "ActionConfiguration EvaluateLowSampleCountPercentile EvaluationCriteria EvaluationInterval"
        " EvaluationWindow ExtendedStatistic Metrics ThresholdMetricId WarmUpConfiguration"
    ),
    "AWS::Cognito::IdentityPool": (
        "CognitoEvents CognitoStreams DeveloperProviderName OpenIdConnectProviderARNs PushSync"
        " SamlProviderARNs SupportedLoginProviders"
    ),
    "AWS::Cognito::UserPool": (
        "EmailAuthenticationMessage EmailAuthenticationSubject WebAuthnFactorConfiguration"
        " WebAuthnRelyingPartyID WebAuthnUserVerification"
    ),
    "AWS::DynamoDB::Table": (
        "ContributorInsightsSpecification ImportSourceSpecification KinesisStreamSpecification"
        " OnDemandThroughput ResourcePolicy VectorIndexes WarmThroughput"
    ),
    "AWS::EC2::Subnet": (
        "EnableDns64 EnableLniAtDeviceIndex Ipv4IpamPoolId Ipv4NetmaskLength Ipv6IpamPoolId Ipv6NetmaskLength"
        " OutpostArn PrivateDnsNameOptionsOnLaunch"
    ),
    "AWS::EC2::VPC": "Ipv4IpamPoolId Ipv4NetmaskLength",
    "AWS::EC2::VPCEndpoint": (
        "DnsOptions IpAddressType ResourceConfigurationArn ServiceNetworkArn ServiceRegion"
    ),
    "AWS::Events::EventBus": "DeadLetterConfig EventSourceName LogConfig",
    "AWS::KMS::Key": "RotationPeriodInDays",
    "AWS::Lambda::EventSourceMapping": (
        "AmazonManagedKafkaEventSourceConfig DocumentDBEventSourceConfig KmsKeyArn LoggingConfig"
        " MetricsConfig ProvisionedPollerConfig Queues SelfManagedEventSource"
        " SelfManagedKafkaEventSourceConfig SourceAccessConfigurations Topics TumblingWindowInSeconds"
    ),
    "AWS::Lambda::Function": (
        "CapacityProviderConfig CodeSigningConfigArn DurableConfig FileSystemConfigs FunctionScalingConfig"
        " PublishToLatestPublished RecursiveLoop RuntimeManagementConfig TenancyConfig"
    ),
    "AWS::Lambda::Version": "FunctionScalingConfig RuntimePolicy",
    "AWS::Logs::LogGroup": (
        "BearerTokenAuthenticationEnabled DataProtectionPolicy DeletionProtectionEnabled FieldIndexPolicies"
        " ResourcePolicyDocument"
    ),
    "AWS::Logs::SubscriptionFilter": (
        "ApplyOnTransformedLogs Distribution EmitSystemFields FieldSelectionCriteria RoleArn"
    ),
    "AWS::RDS::DBCluster": (
        "AssociatedRoles ClusterScalabilityType DBClusterInstanceClass GlobalClusterIdentifier"
        " ReplicationSourceIdentifier RestoreToTime RestoreType ScalingConfiguration SourceDBClusterIdentifier"
        " SourceDbClusterResourceId SourceRegion UseLatestRestorableTime"
    ),
    "AWS::RDS::DBInstance": (
        "AssociatedRoles AutomaticBackupReplicationKmsKeyId AutomaticBackupReplicationRegion"
        " AutomaticBackupReplicationRetentionPeriod DBClusterSnapshotIdentifier DBSnapshotIdentifier"
        " RestoreTime SourceDBClusterIdentifier SourceDBInstanceAutomatedBackupsArn"
        " SourceDBInstanceIdentifier SourceDbiResourceId SourceRegion UseLatestRestorableTime"
    ),
    "AWS::S3::Bucket": (
        "AbacStatus AccelerateConfiguration AnalyticsConfigurations BucketNamespace BucketNamePrefix"
        " IntelligentTieringConfigurations InventoryConfigurations MetadataConfiguration"
        " MetadataTableConfiguration MetricsConfigurations ObjectLockConfiguration ObjectLockEnabled"
        " ReplicationConfiguration"
    ),
    "AWS::SNS::Subscription": "DeliveryPolicy RedrivePolicy ReplayPolicy SubscriptionRoleArn",
    "AWS::SNS::Topic": (
        "ArchivePolicy DataProtectionPolicy DeliveryStatusLogging FifoThroughputScope"
        " MaximumMessageSize SignatureVersion TracingConfig"
    ),
    "AWS::SecretsManager::Secret": "ReplicaRegions Type",
    "AWS::StepFunctions::StateMachine": "EncryptionConfiguration",
}
"""By resource type: the names of top-level properties, apart by spaces."""

LAMBDA_CONFIG = ("CustomEmailSender", "CustomSMSSender", "InboundFederation", "KMSKeyID")
"""Triggers of user pools that send messages themselves, or federate."""
TOPIC_PROTOCOLS = ("lambda", "sqs")
RULE_TARGET = frozenset(
    {
        *("Id", "Arn", "RoleArn", "Input", "InputPath", "InputTransformer"),
        *("SqsParameters", "DeadLetterConfig", "RetryPolicy"),
    }
)
"""What a target of a rule may have. Everything else is of services that are not here."""


def unsupported(type_name: str, properties: Mapping[str, Any]) -> Sequence[str]:
    """What the embedded cloud lacks for a resource: its type, or properties and values of it; [] if nothing."""
    if type_name not in SUPPORTED_TYPES and not type_name.startswith(CUSTOM_TYPES):
        return [type_name]
    names = [
        name
        for name in UNSUPPORTED_PROPERTIES.get(type_name, "").split()
        if properties.get(name) and not _is_undecided(properties[name])
    ]
    values = _VALUES.get(type_name)
    return [f"{what} of {type_name}" for what in (*names, *(values(properties) if values else ()))]


def _is_undecided(value: object) -> bool:
    """Whether the property may be absent: a condition decides it, or it is AWS::NoValue."""
    return isinstance(value, Mapping) and (set(value) == {"Fn::If"} or value.get("Ref") == "AWS::NoValue")


def _listed(value: object) -> list[Any]:
    """The objects of a literal list."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _protocol(properties: Mapping[str, Any]) -> Iterator[str]:
    protocol = properties.get("Protocol")
    if isinstance(protocol, str) and protocol not in TOPIC_PROTOCOLS:
        yield f"the protocol {protocol}"


def _topic(properties: Mapping[str, Any]) -> Iterator[str]:
    for entry in _listed(properties.get("Subscription")):
        yield from _protocol(entry)


def _queue(properties: Mapping[str, Any]) -> Iterator[str]:
    if properties.get("DeduplicationScope") == "messageGroup":
        yield "DeduplicationScope messageGroup"
    if properties.get("FifoThroughputLimit") == "perMessageGroupId":
        yield "FifoThroughputLimit perMessageGroupId"
    allowed = properties.get("RedriveAllowPolicy")
    if isinstance(allowed, Mapping) and allowed.get("redrivePermission") in ("byQueue", "denyAll"):
        yield f"RedriveAllowPolicy {allowed['redrivePermission']}"


def _rule(properties: Mapping[str, Any]) -> Iterator[str]:
    for target in _listed(properties.get("Targets")):
        yield from (f"{name} of a target" for name in target if name not in RULE_TARGET)


def _mapping(properties: Mapping[str, Any]) -> Iterator[str]:
    if str(properties.get("ParallelizationFactor", 1)) in map(str, range(2, 11)):
        yield "ParallelizationFactor"
    if properties.get("StartingPosition") == "AT_TIMESTAMP":
        yield "StartingPosition AT_TIMESTAMP"
    source = properties.get("EventSourceArn")
    if (
        isinstance(source, str)
        and source.startswith("arn:")
        and source.split(":")[2] not in ("sqs", "dynamodb")
    ):
        yield f"the event source {source.split(':')[2]}"


def _machine(properties: Mapping[str, Any]) -> Iterator[str]:
    if properties.get("StateMachineType") == "EXPRESS":
        yield "the type EXPRESS"
    text = properties.get("DefinitionString", properties.get("Definition"))
    if isinstance(text, Mapping):
        substituted = text.get("Fn::Sub")
        substituted = substituted[0] if isinstance(substituted, list) else substituted
        text = substituted if isinstance(substituted, str) else json.dumps(text)
    if isinstance(text, str):
        yield from machine_definitions.faults(text)


def _user_pool(properties: Mapping[str, Any]) -> Iterator[str]:
    config = properties.get("LambdaConfig")
    if isinstance(config, Mapping):
        yield from (f"LambdaConfig.{name}" for name in LAMBDA_CONFIG if config.get(name))


def _only(name: str, *values: str) -> Callable[[Mapping[str, Any]], Iterator[str]]:
    """A check of a property that may have one of these values only; one that is not a literal passes."""

    def check(properties: Mapping[str, Any]) -> Iterator[str]:
        value = properties.get(name)
        if isinstance(value, str) and value not in values:
            yield f"{name} {value}"

    return check


def _stage(properties: Mapping[str, Any]) -> Iterator[str]:
    if not properties.get("AutoDeploy"):
        yield "a stage without AutoDeploy"


_VALUES: Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "AWS::ApiGatewayV2::Api": _only("ProtocolType", "HTTP"),
    "AWS::ApiGatewayV2::Authorizer": _only("AuthorizerType", "JWT"),
    "AWS::ApiGatewayV2::Integration": _only("IntegrationType", "AWS_PROXY"),
    "AWS::ApiGatewayV2::Route": _only("AuthorizationType", "NONE", "JWT", "AWS_IAM"),
    "AWS::ApiGatewayV2::Stage": _stage,
    "AWS::Cognito::UserPool": _user_pool,
    "AWS::Events::Rule": _rule,
    "AWS::Lambda::EventSourceMapping": _mapping,
    "AWS::Lambda::Url": _only("InvokeMode", "BUFFERED"),
    "AWS::SNS::Subscription": _protocol,
    "AWS::SNS::Topic": _topic,
    "AWS::SQS::Queue": _queue,
    "AWS::StepFunctions::StateMachine": _machine,
}
