"""``amplify/team-provider-info.json``: Amplify's environments, and the values that each has of its own.

The shape, which Amplify's CLI writes::

    {ENV: {"awscloudformation": {"Region", "StackName", "StackId", "DeploymentBucketName", ...},
           "categories": {CATEGORY: {RESOURCE: {PARAMETER: value}}}}}

``categories`` overlays the resources' parameters.json. For an imported user pool it holds the ids instead.
Where Amplify keeps a build's result there (``s3Key``, ``deploymentBucketName``), it is left out: a push
composes these values itself. The keys under which Amplify keeps secrets are left out too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from accountsctl.formats.json_source import Source
from accountsctl.model.environment import Environment, Parameters, ParameterTable
from accountsctl.model.team_environment import TeamEnvironment

BUILD_RESULTS = frozenset({"s3Key", "deploymentBucketName"})
IMPORTED_IDS = {
    "userPoolId": "UserPoolId",
    "userPoolName": "UserPoolName",
    "nativeClientId": "AppClientID",
    "webClientId": "AppClientIDWeb",
    "identityPoolId": "IdentityPoolId",
    "identityPoolName": "IdentityPoolName",
    "hostedUIDomain": "HostedUIDomain",
    "authRoleName": "AuthRoleName",
    "unauthRoleName": "UnauthRoleName",
}
"""The ids of an imported pool: Amplify's key, and the output that a consumer requests."""
IMPORTED_STORAGE = {
    "bucketName": "BucketName",
    "tableName": "Name",
    "region": "Region",
    "arn": "Arn",
    "streamArn": "StreamArn",
    "partitionKeyName": "PartitionKeyName",
    "partitionKeyType": "PartitionKeyType",
    "sortKeyName": "SortKeyName",
    "sortKeyType": "SortKeyType",
}
"""What Amplify keeps of an imported bucket or table, and the output that a consumer requests."""
SECRETS = frozenset({"hostedUIProviderCreds", "AppClientSecret", "clientSecret"})


def parse(source: Source) -> dict[str, TeamEnvironment]:
    """Amplify's environments by name, in the order of the file; what does not have the shape is left out."""
    if not isinstance(source.value, Mapping):
        return {}
    return {
        str(name): _environment(str(name), entry)
        for name, entry in source.value.items()
        if isinstance(entry, Mapping)
    }


def overlaid(environment: Environment, team: TeamEnvironment, *, imported: bool) -> Environment:
    """An environment with Amplify's values below its own, key by key; with the ids of pools if `imported`."""
    return replace(
        environment,
        parameters=_merged(team.parameters, environment.parameters),
        imported=_merged(team.imported, environment.imported) if imported else environment.imported,
    )


def _environment(name: str, entry: Mapping[str, object]) -> TeamEnvironment:
    stack = _object(entry.get("awscloudformation"))
    parameters: dict[str, dict[str, Parameters]] = {}
    imported: dict[str, dict[str, Parameters]] = {}
    for category, resources in _object(entry.get("categories")).items():
        for resource, values in _object(resources).items():
            stated = _object(values)
            if category == "auth" and "userPoolId" in stated:
                ids = {output: stated[key] for key, output in IMPORTED_IDS.items() if stated.get(key)}
                imported.setdefault(category, {})[resource] = ids
                continue
            if category == "storage" and {"bucketName", "tableName"} & stated.keys():
                # Only `serviceType` in the backend tells an imported one; the values are parameters of any other.
                names = {output: stated[key] for key, output in IMPORTED_STORAGE.items() if stated.get(key)}
                imported.setdefault(category, {})[resource] = names
            if kept := {key: stated[key] for key in stated if key not in BUILD_RESULTS | SECRETS}:
                parameters.setdefault(category, {})[resource] = kept
    return TeamEnvironment(
        name,
        region=_text(stack.get("Region")),
        stack_name=_text(stack.get("StackName")),
        stack_id=_text(stack.get("StackId")),
        bucket=_text(stack.get("DeploymentBucketName")),
        parameters=parameters,
        imported=imported,
    )


def _merged(below: ParameterTable, above: ParameterTable) -> ParameterTable:
    """Two tables as one; where both have a value, that of `above`."""
    return {
        category: {
            resource: {
                **below.get(category, {}).get(resource, {}),
                **above.get(category, {}).get(resource, {}),
            }
            for resource in {**below.get(category, {}), **above.get(category, {})}
        }
        for category in {**below, **above}
    }


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
