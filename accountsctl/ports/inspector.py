"""What AWS reports about an environment's APIs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

Inspection = Mapping[str, Any]
"""What `doctor.facts.deployed.reader.read` reads, as plain JSON; `Inspector.inspect` describes its members."""


class Inspector(Protocol):
    """What AWS reports about an environment's APIs (adapter: `adapters.aws.inspector`). Reads only."""

    def inspect(self, stacks: Mapping[str, str], pools: Iterable[str] = ()) -> Inspection:
        """Everything that `doctor.facts.deployed.reader.read` reads, as plain JSON without secrets.

        `stacks` are nested stacks' ARNs by the resource that they are (``api/accountsAPI``); `pools` are ids of
        further user pools to read, besides those that authorizers name. A call that is refused is an entry of
        ``notReported``; CouldNotLook if all are.

        ``{apis: [{name, id, api, stages, resources?, authorizers?, gatewayResponses?, validators?, deployments:
        {id: GetDeployment}, exports: {stage: OpenAPI}}], httpApis: [{name, id, api, stages, routes, integrations,
        authorizers}], functionUrls: [{name, config: GetFunctionUrlConfig}], buckets: [{name, bucket, rules?}],
        functions: {arn: {exists, configuration?, policy?, concurrency?}}, clusters: {arn: {...}},
        pools: {id: {exists}}, clients: {id: {exists, pool, scopes}}, usagePlans?: [{..., keys: count}],
        domains?: [{..., mappings?}], distributions?: [{...,
        Origins: [{Id, DomainName}]}], notReported: [{what, why}]}``, the parts as boto3 names them.
        """
