"""What the data planes read of moto's objects: functions, clusters, secrets and keys.

They are the same objects that the public APIs show, so that the two cannot differ.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from accountsctl.localcloud.contracts.alarms import AlarmTransition
from accountsctl.localcloud.contracts.function_urls import FunctionUrl
from accountsctl.localcloud.contracts.http_apis import HttpApi
from accountsctl.localcloud.contracts.keys import Keys
from accountsctl.localcloud.contracts.lookups import (
    ACCOUNT,
    PARTITION,
    Cluster,
    FunctionConfig,
    KeySet,
    Signer,
)
from accountsctl.localcloud.moto_services import (
    alarms,
    apps,
    attached_policies,
    cognito,
    function_urls,
    functions,
    http_apis,
    rds,
    signers,
    tokens,
)
from accountsctl.localcloud.moto_services.remembered import DATA_SCOPES, Remembered
from accountsctl.localcloud.moto_services.startup import Startup

if TYPE_CHECKING:
    from moto.rds.models import DBCluster

    from accountsctl.localcloud.moto_services.functions import FoundFunction

PLAIN = (0, 6)
"""The colons of a function's name and of its ARN, without a version or alias."""


class MotoLookups:
    """Implements `Lookups`. Every lookup waits until moto is loaded."""

    def __init__(self, startup: Startup, keys: Keys) -> None:
        self._startup = startup
        self._keys = keys
        self._remembered = Remembered(startup.lock)

    def function(self, name_or_arn: str, region: str) -> FunctionConfig | None:
        self._startup.wait()
        if name_or_arn.count(":") in PLAIN:
            return self._remembered.get(
                ("function", name_or_arn, region), lambda: _find_function(name_or_arn, region)
            )
        with self._startup.lock:  # an alias may mean one version this time, and another one the next time
            return _find_function(name_or_arn, region)

    def function_url(self, url_id: str) -> FunctionUrl | None:
        """The URL of this id, in any region."""
        self._startup.wait()
        with self._startup.lock:
            url = function_urls.find(url_id)
            if url is None:
                return None
            function, alias, kept = url
            arn = f"{function.function_arn}:{alias}" if alias else function.function_arn
            found = functions.find(arn, function.region)
            if found is None:
                return None
            config = kept.config
            return FunctionUrl(url_id, config.get("AuthType", "NONE"), config.get("Cors"), _function(found))

    def alarm_transitions(self, region: str, *, evaluate: bool) -> Sequence[AlarmTransition]:
        """The alarms that have changed their state since the last call."""
        self._startup.wait()
        with self._startup.lock:
            return alarms.transitions(region, evaluate=evaluate)

    def http_api(self, api_id: str) -> HttpApi | None:
        """The HTTP API of this id, in any region."""
        self._startup.wait()
        with self._startup.lock:
            return http_apis.find(api_id)

    def cluster(self, arn: str) -> Cluster | None:
        """The cluster of exactly this ARN."""
        self._startup.wait()
        return self._remembered.get(("cluster", arn), lambda: _find_cluster(arn))

    def clusters(self) -> list[Cluster]:
        self._startup.wait()
        with self._startup.lock:
            return [_cluster(cluster) for cluster in rds.all_clusters()]

    def secret(self, arn_or_name: str, region: str) -> str | None:
        """The current SecretString; None also for a secret that is scheduled for deletion."""
        self._startup.wait()
        return self._remembered.get(
            ("secret", arn_or_name, region), lambda: _find_secret(arn_or_name, region)
        )

    def secret_arn(self, arn_or_name: str, region: str) -> str:
        """The ARN of a secret. One that does not exist has none, and what IAM would be asked about is its name's."""
        self._startup.wait()
        return self._remembered.get(
            ("secret ARN", arn_or_name, region), lambda: _find_secret_arn(arn_or_name, region)
        )

    def resource_policy(self, arn: str) -> str:
        """The policy that is attached to a resource, as JSON text; "" if there is none."""
        self._startup.wait()
        service = attached_policies.service_of(arn)
        if service is None:
            return ""
        if service in DATA_SCOPES:  # their calls change policies, and forget nothing
            with self._startup.lock:
                return attached_policies.find(arn)
        return self._remembered.get(("resource policy", arn), lambda: attached_policies.find(arn))

    def signer(self, access_key_id: str, token: str | None = None) -> Signer | None:
        """The owner of a key that IAM or STS created here, or that the embedded cloud itself gives out."""
        self._startup.wait()
        return self._remembered.get(
            ("signer", access_key_id, token), lambda: signers.find(access_key_id, token, self._keys)
        )

    def jwks(self, user_pool_id: str) -> KeySet | None:
        self._startup.wait()
        return self._remembered.get(("jwks", user_pool_id), lambda: _find_jwks(user_pool_id))


def _find_function(name_or_arn: str, region: str) -> FunctionConfig | None:
    found = functions.find(name_or_arn, region)
    return None if found is None else _function(found)


def _find_cluster(arn: str) -> Cluster | None:
    cluster = rds.find_cluster(arn)
    return None if cluster is None else _cluster(cluster)


def _find_secret(arn_or_name: str, region: str) -> str | None:
    missing = importlib.import_module("moto.secretsmanager.exceptions")
    backend = apps.backends("secretsmanager")[ACCOUNT][region]
    try:
        value = backend.get_secret_value(arn_or_name, "", "AWSCURRENT")
    except (missing.SecretNotFoundException, missing.ResourceNotFoundException):
        return None
    except missing.InvalidRequestException:
        return None
    text = value.get("SecretString")
    return None if text is None else str(text)


def _find_secret_arn(arn_or_name: str, region: str) -> str:
    known = apps.backends("secretsmanager")[ACCOUNT][region].secrets
    if arn_or_name in known:
        return str(known[arn_or_name].arn)
    if arn_or_name.startswith("arn:"):
        return arn_or_name
    return f"arn:{PARTITION}:secretsmanager:{region}:{ACCOUNT}:secret:{arn_or_name}"


def _find_jwks(user_pool_id: str) -> KeySet | None:
    pool = cognito.find_pool(user_pool_id)
    return None if pool is None else tokens.jwks(pool)


def _function(found: FoundFunction) -> FunctionConfig:
    function = found.function
    statements = function.policy.statements
    return FunctionConfig(
        arn=function.function_arn,
        name=function.function_name,
        region=function.region,
        # A function from an image has neither; the embedded cloud refuses to run it by its empty runtime.
        runtime=function.run_time or "",
        handler=function.handler or "",
        code=function.code_bytes,
        code_sha256=function.code_sha_256,
        environment=functions.environment_of(function),
        timeout=int(function.timeout),
        memory=int(function.memory_size),
        log_group=function.logs_group_name,
        policy={"Version": "2012-10-17", "Id": "default", "Statement": list(statements)}
        if statements
        else None,
        reserved=None if function.reserved_concurrency is None else int(function.reserved_concurrency),
        version=str(function.version),
        layers=found.layers,
        role=str(function.role),
        invoked_arn=found.invoked_arn,
        system_level=str(functions.logging_of(function).get("SystemLogLevel", "")),
    )


def _cluster(cluster: DBCluster) -> Cluster:
    """moto reports "creating" until the first DescribeDBClusters; the cluster itself exists at once."""
    return Cluster(
        arn=cluster.arn,
        identifier=cluster.db_cluster_identifier,
        resource_id=cluster.db_cluster_resource_id,
        region=cluster.region,
        engine=cluster.engine,
        status="available" if cluster._status == "creating" else cluster._status,
        http_endpoint_enabled=cluster.http_endpoint_enabled,
        has_instance=bool(cluster._members),
        database=cluster.database_name,
        master_username=cluster.master_username or "",
        master_password=rds.password_of(cluster),
    )
