"""The control plane: AWS's service APIs as moto imitates them, with what we mend, and the internal roads.

`Control.handle` takes a request through moto's application of its service, one at a time. Where a
cluster was deleted it says so after the answer: the cluster's server is not moto's.

`Control` implements `Lookups`: the data planes read functions, clusters, secrets and keys from the same
objects that the public APIs show.

Loading moto takes seconds, so `prepare` does it in the background; every call waits until it is done.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import re
import threading
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from accountsctl.localcloud.contracts import dispatch
from accountsctl.localcloud.contracts.lookups import ACCOUNT, Cluster, FunctionConfig, Signer
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.moto_services import (
    apigateway,
    apps,
    calls,
    cognito,
    functions,
    iam,
    pools,
    rds,
    s3,
    signers,
    tokens,
)
from accountsctl.localcloud.moto_services.errors import not_imitated, refusal
from accountsctl.localcloud.state import snapshot
from accountsctl.localcloud.state.blobs import Blobs

_JWKS = re.compile(r"/([^/]+)/\.well-known/jwks\.json")
Dropped = Callable[[str, str | None], None]


def moto_version() -> str:
    return importlib.metadata.version("moto")


class Control:
    """moto and what we mend in it. `dropped(resource_id, keep_as)` is called when a cluster was deleted.

    Large contents of the state go to `blobs`, where there are any.
    """

    def __init__(self, dropped: Dropped, blobs: Blobs | None = None) -> None:
        self._dropped = dropped
        self._blobs = blobs
        self._apps = apps.Apps()
        self._lock = threading.RLock()
        self._ready = threading.Event()
        self._fault: BaseException | None = None

    def prepare(self, state: bytes | None) -> None:
        """Load moto, mend it, restore the state, build the applications. Raises what went wrong."""
        try:
            with self._lock:
                apps.settle()
                for scope in apps.SCOPES:
                    apps.models(scope)
                cognito.install()
                tokens.install()
                rds.install()
                functions.install()
                s3.install()
                apigateway.install()
                iam.install()
                if state:
                    self._load(state)
                for scope in apps.SCOPES:
                    self._apps.build(scope)
        except BaseException as fault:
            self._fault = fault
            raise
        finally:
            self._ready.set()

    @property
    def ready(self) -> bool:
        return self._ready.is_set() and self._fault is None

    def wait(self) -> None:
        """Return when moto is loaded; raise where it could not be."""
        self._ready.wait()
        if self._fault is not None:
            raise RuntimeError("The control plane did not start; see the log.") from self._fault

    def handle(self, request: Request, where: dispatch.ServiceTarget) -> Response:
        """One call of a service API."""
        if dispatch.is_preflight_for_cognito(request):
            return _preflight(request)
        if where.scope not in apps.SCOPES:
            return not_imitated(where.scope, f"the service {where.scope}")
        if where.scope.startswith("cognito") and not where.access_key and not _public(request):
            return dispatch.nobody(request)
        self.wait()
        answer = calls.refused(where.scope, request) or self._call(request, where)
        return _readable_by_pages(answer) if where.scope.startswith("cognito") else answer

    def _call(self, request: Request, where: dispatch.ServiceTarget) -> Response:
        keys = _JWKS.fullmatch(request.path)
        if keys and not where.access_key:
            return self._jwks(keys[1])
        with self._lock:
            region = where.region if where.access_key else self._region_of_unsigned(request, where)
            answer = self._through_moto(request, where.scope, region)
            gone = rds.take_deleted()
        for resource_id, keep_as in gone:
            self._dropped(resource_id, keep_as)
        return answer

    def _through_moto(self, request: Request, scope: str, region: str) -> Response:
        """moto's answer. What it has not got is refused; where it breaks, its log says why."""
        try:
            return self._apps.call(scope, request, region)
        except NotImplementedError as fault:
            return not_imitated(scope, str(fault) or calls.operation(request) or request.path)
        except Exception:  # noqa: BLE001 - moto's bugs are of every kind; the caller gets AWS's word for it
            traceback.print_exc()
            what = calls.operation(request) or f"{request.method} {request.path}"
            return refusal(
                scope, 500, "InternalFailure", f"{what} failed in the embedded cloud; see its log."
            )

    def _region_of_unsigned(self, request: Request, where: dispatch.ServiceTarget) -> str:
        """Cognito's public calls carry no signature, and so no region."""
        if where.scope != "cognito-idp" or request.method != "POST":
            return where.region
        try:
            body = json.loads(request.body)
        except ValueError:
            return where.region
        return cognito.region_for(body) or where.region if isinstance(body, dict) else where.region

    def _jwks(self, pool_id: str) -> Response:
        found = self.jwks(pool_id)
        headers = (("Content-Type", "application/json"), ("Cache-Control", "public, max-age=86400"))
        if found is None:
            message = {"message": f"User pool {pool_id} does not exist."}
            return Response(404, headers[:1], json.dumps(message).encode())
        return Response(200, headers, json.dumps(found).encode())

    def ensure_pool(self, region: str, wanted: Mapping[str, Any], user: Mapping[str, str]) -> bool:
        """Someone else's pool, with the ids that the project imports; True where something had to be made."""
        self.wait()
        with self._lock:
            return pools.ensure(region, wanted, user)

    # State

    def dump(self) -> bytes:
        """All backends as they are now."""
        self.wait()
        with self._lock:
            tables = {scope: apps.backends(scope) for scope in apps.SCOPES}
            graph = {
                scope: {name: dict(regions) for name, regions in t.items()} for scope, t in tables.items()
            }
            known = {id(table): scope for scope, table in tables.items()}
            return snapshot.freeze(graph, known, self._blobs)

    def _load(self, data: bytes) -> None:
        tables = {scope: apps.backends(scope) for scope in apps.SCOPES}
        for scope, accounts in snapshot.thaw(data, tables, self._blobs).items():
            for account, regions in accounts.items():
                tables[scope][account].update(regions)

    # Lookups

    def function(self, name_or_arn: str, region: str) -> FunctionConfig | None:
        self.wait()
        with self._lock:
            found = functions.find(name_or_arn, region)
            return None if found is None else _function(found)

    def cluster(self, arn: str) -> Cluster | None:
        """The cluster of exactly this ARN."""
        self.wait()
        with self._lock:
            found = rds.find_cluster(arn)
            return None if found is None else _cluster(found)

    def clusters(self) -> list[Cluster]:
        self.wait()
        with self._lock:
            return [_cluster(found) for found in rds.all_clusters()]

    def secret(self, arn_or_name: str, region: str) -> str | None:
        """The current SecretString; None also for a secret that is scheduled for deletion."""
        self.wait()
        missing = importlib.import_module("moto.secretsmanager.exceptions")
        with self._lock:
            backend = apps.backends("secretsmanager")[ACCOUNT][region]
            try:
                value = backend.get_secret_value(arn_or_name, "", "AWSCURRENT")
            except (missing.SecretNotFoundException, missing.ResourceNotFoundException):
                return None
            except missing.InvalidRequestException:
                return None
            text = value.get("SecretString")
            return None if text is None else str(text)

    def signer(self, access_key_id: str) -> Signer | None:
        """Whose key that is: one that IAM or STS made here, or that the embedded cloud itself gives out."""
        self.wait()
        with self._lock:
            return signers.find(access_key_id)

    def jwks(self, user_pool_id: str) -> Mapping[str, Any] | None:
        self.wait()
        with self._lock:
            pool = cognito.find_pool(user_pool_id)
            return None if pool is None else tokens.jwks(pool)


def _function(found: Any) -> FunctionConfig:
    statements = found.policy.statements
    return FunctionConfig(
        arn=found.function_arn,
        name=found.function_name,
        region=found.region,
        runtime=found.run_time,
        handler=found.handler,
        code=found.code_bytes,
        code_sha256=found.code_sha_256,
        environment=functions.environment_of(found),
        timeout=int(found.timeout),
        memory=int(found.memory_size),
        log_group=found.logs_group_name,
        policy={"Version": "2012-10-17", "Id": "default", "Statement": list(statements)}
        if statements
        else None,
        reserved=None if found.reserved_concurrency is None else int(found.reserved_concurrency),
    )


def _cluster(found: Any) -> Cluster:
    """moto's "creating" lasts until someone looks; the cluster itself is there at once."""
    return Cluster(
        arn=found.arn,
        identifier=found.db_cluster_identifier,
        resource_id=found.db_cluster_resource_id,
        region=found.region,
        engine=found.engine,
        status="available" if found._status == "creating" else found._status,
        http_endpoint_enabled=found.http_endpoint_enabled,
        has_instance=bool(found._members),
        database=found.database_name,
        master_username=found.master_username,
        master_password=rds.password_of(found),
    )


# Cognito's operations that AWS takes without a signature; "Admin" ones and pool management are not among them.
_PUBLIC = {
    "AssociateSoftwareToken",
    "ChangePassword",
    "ConfirmDevice",
    "ConfirmForgotPassword",
    "ConfirmSignUp",
    "DeleteUser",
    "DeleteUserAttributes",
    "ForgetDevice",
    "ForgotPassword",
    "GetCredentialsForIdentity",
    "GetDevice",
    "GetId",
    "GetOpenIdToken",
    "GetTokensFromRefreshToken",
    "GetUser",
    "GetUserAttributeVerificationCode",
    "GlobalSignOut",
    "InitiateAuth",
    "ListDevices",
    "ResendConfirmationCode",
    "RespondToAuthChallenge",
    "RevokeToken",
    "SetUserMFAPreference",
    "SetUserSettings",
    "SignUp",
    "UnlinkIdentity",
    "UpdateDeviceStatus",
    "UpdateUserAttributes",
    "VerifySoftwareToken",
    "VerifyUserAttribute",
}


def _public(request: Request) -> bool:
    return request.header("X-Amz-Target") is None or calls.operation(request) in _PUBLIC


def _preflight(request: Request) -> Response:
    """Cognito answers any page's preflight for its JSON calls."""
    asked = request.header("Access-Control-Request-Headers") or ""
    allow = (("Access-Control-Allow-Methods", "POST, OPTIONS"), ("Access-Control-Allow-Headers", asked))
    return _readable_by_pages(Response(200, (*allow, ("Access-Control-Max-Age", "172800"))))


def _readable_by_pages(answer: Response) -> Response:
    expose = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"
    cors = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", expose))
    return Response(answer.status, (*answer.headers, *cors), answer.body)
