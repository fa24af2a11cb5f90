"""What is done with each member of the calls that change functions: it is played, or refused when it is set.

A member of Lambda's model that is in neither table fails a test, so that a new model asks for a decision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from accountsctl.localcloud.moto_services.lambda_calls.operations import LambdaCall

_CAPACITY = "the embedded cloud has no capacity providers"
_NO_FILE_SYSTEMS = "the embedded cloud has no EFS and no S3 Files"
_NO_SIGNING = "the embedded cloud checks no code signatures"
_NO_DURABLE = "the embedded cloud has no durable executions"
_NO_IMAGES = "the embedded cloud runs zip packages, no container images"
_NO_ACCELERATORS = "this machine's accelerators are not given to functions"
_NO_RUNTIME_ARNS = "runtimes are those of this machine, and have no ARN"
_NO_TENANTS = "functions have no tenants here"
_NO_VERSIONS = "the embedded cloud keeps one version of an object"
_NO_SELF_MANAGED = "the embedded cloud has no Kafka, MQ and DocumentDB"
_ONE_POLICY = "organizations are not here, so that the condition cannot be judged"

_CONFIGURATION = (
    "FunctionName Runtime Role Handler Description Timeout MemorySize VpcConfig DeadLetterConfig Environment"
    " KMSKeyArn TracingConfig Layers EphemeralStorage SnapStart LoggingConfig"
)
_OF_CONFIGURATION = {
    "FileSystemConfigs": _NO_FILE_SYSTEMS,
    "ImageConfig": _NO_IMAGES,
    "CapacityProviderConfig": _CAPACITY,
    "DurableConfig": _NO_DURABLE,
    "RuntimeConfig": _NO_RUNTIME_ARNS,
    "AcceleratorConfig": _NO_ACCELERATORS,
}
_MAPPING = (
    "FunctionName Enabled BatchSize FilterCriteria ScalingConfig MaximumBatchingWindowInSeconds"
    " ParallelizationFactor DestinationConfig MaximumRecordAgeInSeconds BisectBatchOnFunctionError"
    " MaximumRetryAttempts FunctionResponseTypes"
)
_OF_MAPPING = {
    "KMSKeyArn": "filter criteria are not encrypted here",
    "MetricsConfig": "event source mappings have no metrics here",
    "LoggingConfig": "event source mappings have no log here",
    "TumblingWindowInSeconds": "records are not aggregated over windows here",
    "SourceAccessConfigurations": _NO_SELF_MANAGED,
    "AmazonManagedKafkaEventSourceConfig": _NO_SELF_MANAGED,
    "SelfManagedKafkaEventSourceConfig": _NO_SELF_MANAGED,
    "DocumentDBEventSourceConfig": _NO_SELF_MANAGED,
    "ProvisionedPollerConfig": "queues and streams are polled by the embedded cloud itself",
}
_ASYNCHRONOUS = "FunctionName Qualifier MaximumRetryAttempts MaximumEventAgeInSeconds DestinationConfig"

PLAYED: Mapping[str, str] = {
    "AddLayerVersionPermission": "LayerName VersionNumber StatementId Action Principal RevisionId",
    "AddPermission": (
        "FunctionName StatementId Action Principal SourceArn FunctionUrlAuthType InvokedViaFunctionUrl SourceAccount"
        " EventSourceToken Qualifier RevisionId"
    ),
    "CreateAlias": "FunctionName Name FunctionVersion Description RoutingConfig",
    "CreateEventSourceMapping": f"EventSourceArn StartingPosition StartingPositionTimestamp Tags {_MAPPING}",
    "CreateFunction": f"Code Publish PackageType Tags Architectures {_CONFIGURATION}",
    "CreateFunctionUrlConfig": "FunctionName Qualifier AuthType Cors InvokeMode",
    "PublishLayerVersion": (
        "LayerName Description Content CompatibleArchitectures CompatibleRuntimes LicenseInfo"
    ),
    "PublishVersion": "FunctionName CodeSha256 Description RevisionId",
    "PutFunctionConcurrency": "FunctionName ReservedConcurrentExecutions",
    "PutFunctionEventInvokeConfig": _ASYNCHRONOUS,
    "PutProvisionedConcurrencyConfig": "FunctionName Qualifier ProvisionedConcurrentExecutions",
    "RemovePermission": "FunctionName StatementId Qualifier RevisionId",
    "UpdateAlias": "FunctionName Name FunctionVersion Description RoutingConfig RevisionId",
    "UpdateEventSourceMapping": f"UUID {_MAPPING}",
    "UpdateFunctionCode": (
        "FunctionName ZipFile S3Bucket S3Key Architectures Publish DryRun RevisionId S3ObjectStorageMode"
    ),
    "UpdateFunctionConfiguration": f"RevisionId {_CONFIGURATION}",
    "UpdateFunctionEventInvokeConfig": _ASYNCHRONOUS,
    "UpdateFunctionUrlConfig": "FunctionName Qualifier AuthType Cors InvokeMode",
}
"""By operation: the members that have an effect, or that are kept and reported where AWS shows no other effect."""

REFUSED: Mapping[str, Mapping[str, str]] = {
    "AddLayerVersionPermission": {"OrganizationId": _ONE_POLICY},
    "AddPermission": {"PrincipalOrgID": _ONE_POLICY},
    "CreateEventSourceMapping": {
        **_OF_MAPPING,
        "Topics": _NO_SELF_MANAGED,
        "Queues": _NO_SELF_MANAGED,
        "SelfManagedEventSource": _NO_SELF_MANAGED,
    },
    "CreateFunction": {
        **_OF_CONFIGURATION,
        "PublishTo": _CAPACITY,
        "CodeSigningConfigArn": _NO_SIGNING,
        "TenancyConfig": _NO_TENANTS,
    },
    "PublishVersion": {"PublishTo": _CAPACITY},
    "UpdateEventSourceMapping": _OF_MAPPING,
    "UpdateFunctionCode": {
        "S3ObjectVersion": _NO_VERSIONS,
        "ImageUri": _NO_IMAGES,
        "PublishTo": _CAPACITY,
        "SourceKMSKeyArn": "zip packages are not encrypted here",
    },
    "UpdateFunctionConfiguration": _OF_CONFIGURATION,
}
"""By operation: the members that are refused when they are set, with the reason."""

VALUES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "Code.ImageUri": (bool, _NO_IMAGES),
    "Code.S3ObjectVersion": (bool, _NO_VERSIONS),
    "Code.SourceKMSKeyArn": (bool, "zip packages are not encrypted here"),
    "Content.S3ObjectVersion": (bool, _NO_VERSIONS),
    "InvokeMode": (lambda mode: mode == "RESPONSE_STREAM", "responses are not streamed here"),
    "PackageType": (lambda kind: kind == "Image", _NO_IMAGES),
    "SnapStart.ApplyOn": (
        lambda on: on == "PublishedVersions",
        "processes are not restored from snapshots here",
    ),
    "S3ObjectStorageMode": (lambda mode: mode == "REFERENCE", "code is always copied here"),
    "Code.S3ObjectStorageMode": (lambda mode: mode == "REFERENCE", "code is always copied here"),
}
"""Values of played members that are refused, by the member's place."""

_READS = (
    "GetAccountSettings GetAlias GetEventSourceMapping GetFunction GetFunctionCodeSigningConfig"
    " GetFunctionConcurrency GetFunctionConfiguration GetFunctionEventInvokeConfig GetFunctionUrlConfig"
    " GetLayerVersion GetLayerVersionByArn GetLayerVersionPolicy GetPolicy GetProvisionedConcurrencyConfig"
    " ListAliases ListEventSourceMappings ListFunctionEventInvokeConfigs ListFunctions ListFunctionUrlConfigs"
    " ListLayers ListLayerVersions ListProvisionedConcurrencyConfigs ListTags ListVersionsByFunction"
)
_OTHERS = (
    "DeleteAlias DeleteEventSourceMapping DeleteFunction DeleteFunctionCodeSigningConfig"
    " DeleteFunctionConcurrency DeleteFunctionEventInvokeConfig DeleteFunctionUrlConfig DeleteLayerVersion"
    " DeleteProvisionedConcurrencyConfig Invoke RemoveLayerVersionPermission TagResource UntagResource"
)
READS = frozenset(_READS.split())
OTHERS = frozenset(_OTHERS.split())
"""What neither creates nor updates: its members name things that are there."""


def is_played(operation: str) -> bool:
    """Whether the embedded cloud has the operation."""
    return operation in PLAYED or operation in READS or operation in OTHERS


def refused(call: LambdaCall) -> str | None:
    """Everything in the call's input that is refused, each with its reason; None if nothing is."""
    found = [
        f"{name} of {call.name} ({reason})"
        for name, reason in REFUSED.get(call.name, {}).items()
        if call.input.get(name) not in (None, "", [], {}, False)
    ]
    return ", ".join([*found, *_values(call)]) or None


def _values(call: LambdaCall) -> Iterator[str]:
    for place, (is_refused, reason) in VALUES.items():
        value: Any = call.input
        for name in place.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        if value is not None and is_refused(value):
            yield f"{place} {value} of {call.name} ({reason})"
