"""The control plane: AWS's service APIs as moto imitates them, with our fixes.

`Control.handle` takes a request through moto's application of its service, one at a time. What a call did to
clusters and snapshots is done to their data after it, because the PostgreSQL servers are not moto's.

`Control` is also the data planes' `Lookups`; see `lookups`.

Loading moto takes seconds, so `prepare` does it in the background; every call waits until it is done.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from accountsctl.localcloud.contracts import dispatch
from accountsctl.localcloud.contracts.event_sources import QueuedInvocation
from accountsctl.localcloud.contracts.keys import Keys
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.contracts.reporting import report_exception
from accountsctl.localcloud.moto_services import (
    adoption,
    alarms,
    apigateway,
    apps,
    buses,
    calls,
    cognito,
    container_registry,
    deliveries,
    function_urls,
    functions,
    http_apis,
    iam,
    identity_pools,
    instances,
    late_tables,
    layers,
    log_events,
    log_subscriptions,
    machines,
    malformed,
    new_names,
    notifications,
    pools,
    public_calls,
    queues,
    rds,
    rds_snapshots,
    request_metrics,
    reserved_tags,
    s3,
    source_mappings,
    streams,
    tokens,
    topics,
    uses,
)
from accountsctl.localcloud.moto_services.data_steps import DataStep, Dropped, data_steps
from accountsctl.localcloud.moto_services.errors import not_imitated, refusal
from accountsctl.localcloud.moto_services.event_sources import MotoEventSources
from accountsctl.localcloud.moto_services.function_logs import InvocationLogWriter
from accountsctl.localcloud.moto_services.json_errors import as_aws
from accountsctl.localcloud.moto_services.lambda_calls import control as lambda_control
from accountsctl.localcloud.moto_services.lookups import MotoLookups
from accountsctl.localcloud.moto_services.rest_apis import control
from accountsctl.localcloud.moto_services.startup import Startup
from accountsctl.localcloud.moto_services.user_pool_access import MotoUserPools
from accountsctl.localcloud.state import freezing, snapshot
from accountsctl.localcloud.state.blobs import Blobs
from accountsctl.localcloud.state.clusters import Description
from accountsctl.localcloud.state.parts import StatePart

if TYPE_CHECKING:
    from accountsctl.localcloud.moto_services.pools import PoolIds

_JWKS = re.compile(r"/([^/]+)/\.well-known/jwks\.json")
_FIXES = (
    instances,
    uses,
    cognito,
    tokens,
    rds,
    rds_snapshots,
    functions,
    layers,
    function_urls,
    alarms,
    request_metrics,
    s3,
    apigateway,
    http_apis,
    iam,
    queues,
    source_mappings,
    streams,
    topics,
    notifications,
    buses,
    machines,
    log_subscriptions,
    log_events,
)


class Control(MotoLookups):
    """moto with our fixes. `take_step` does to the data what a call did to clusters and snapshots.

    Large contents of the state go to `blobs`, if given. `keys`: the access keys that this cloud gives out.
    """

    def __init__(
        self, take_step: Callable[[DataStep], None], blobs: Blobs | None = None, keys: Keys | None = None
    ) -> None:
        super().__init__(Startup(), keys or Keys.random())
        self._take_step = take_step
        self._blobs = blobs
        self._apps = apps.Apps()
        self.user_pools = MotoUserPools(self._startup)
        self.function_logs = InvocationLogWriter(self._startup, self._remembered)
        self.event_sources = MotoEventSources(self._startup)
        self.long_poll = queues.LongPoll()
        self.invoke_later: Callable[[Sequence[QueuedInvocation]], None] = lambda _: None

    def prepare(self, state: Mapping[str, bytes] | None) -> None:
        """Load moto, fix it, restore the state; a fault is raised here and in waiting calls.

        The applications are built when they are first called: all of them take 30 MB, and most projects call few.
        """
        try:
            with self._startup.lock:
                apps.configure()
                late_tables.import_late()
                for scope in apps.SCOPES:
                    apps.models(scope)
                for module in _FIXES:
                    module.install()
                identity_pools.install(self._keys)
                self._freezer = freezing.Freezer(apps.tables(), self._blobs)
                if state:
                    self._load(state)
        except BaseException as fault:
            self._startup.finish(fault)
            raise
        self._startup.finish(None)

    @property
    def ready(self) -> bool:
        return self._startup.ready

    def wait(self) -> None:
        """Return when moto is loaded; raises RuntimeError if it could not be loaded."""
        self._startup.wait()

    def handle(self, request: Request, where: dispatch.ServiceTarget) -> Response:
        """One call of a service API."""
        if dispatch.is_preflight_for_cognito(request):
            return public_calls.preflight(request)
        if where.scope == container_registry.SCOPE:
            return container_registry.respond(request)
        if where.scope not in apps.SCOPES:
            return not_imitated(where.scope, f"the service {where.scope}", request)
        if where.scope.startswith("cognito") and not where.access_key and not public_calls.is_public(request):
            return dispatch.missing_token(request)
        self.wait()
        refused = calls.refusal_of(where.scope, request) or new_names.refusal_of(where.scope, request)
        if refused is None and where.access_key != dispatch.INTERNAL:
            refused = reserved_tags.refusal_of(where.scope, request)
        response = refused or self.long_poll.call(lambda: self._call(request, where))
        return public_calls.readable_by_pages(response) if where.scope.startswith("cognito") else response

    def offer(self, found: Iterable[Description]) -> None:
        """Let new clusters take over these data on disk, which no cluster of the state has."""
        named: dict[adoption.Place, str] = {}
        nameless: list[str] = []
        for description in found:
            if description.identifier:
                named[description.region, description.identifier] = description.resource_id
            else:
                nameless.append(description.resource_id)
        adoption.offer(named, nameless)

    def _call(self, request: Request, where: dispatch.ServiceTarget) -> Response:
        keys = _JWKS.fullmatch(request.path)
        if keys and not where.access_key:
            return self._jwks(keys[1])
        with self._startup.lock:
            region = where.region if where.access_key else public_calls.region_of_unsigned(request, where)
            try:
                with data_steps() as steps:
                    response = self._through_moto(request, where.scope, region)
            finally:
                self._remembered.called(where.scope)
            invocations = deliveries.take()
        if invocations:
            self.invoke_later(invocations)
        for step in steps:
            if not (isinstance(step, Dropped) and adoption.offer_again(step.resource_id)):
                self._take_step(step)
        return response

    def _through_moto(self, request: Request, scope: str, region: str) -> Response:
        """moto's response; 501 for what moto does not have, 400 or 500 (and a traceback in the log) if moto fails."""

        def call() -> Response:
            return as_aws(_played(self._apps.call(scope, request, region), scope, request), scope, request)

        try:
            if scope == control.SCOPE:
                return control.respond(request, region, call)
            return lambda_control.respond(request, region, call) if scope == lambda_control.SCOPE else call()
        except NotImplementedError as fault:
            return not_imitated(scope, str(fault) or calls.operation(request) or request.path, request)
        except Exception:  # noqa: BLE001 - moto's bugs raise anything; the caller gets AWS's code for it
            malformed_request = malformed.refusal_of(scope, request)
            if malformed_request is not None:
                return malformed_request
            report_exception()
            if scope == control.SCOPE:
                return control.failed(request)
            what = calls.operation(request) or f"{request.method} {request.path}"
            return refusal(
                scope, 500, "InternalFailure", f"{what} failed in the embedded cloud; see its log."
            )

    def _jwks(self, pool_id: str) -> Response:
        key_set = self.jwks(pool_id)
        headers = (("Content-Type", "application/json"), ("Cache-Control", "public, max-age=86400"))
        if key_set is None:
            message = {"message": f"User pool {pool_id} does not exist."}
            return Response(404, headers[:1], json.dumps(message).encode())
        return Response(200, headers, json.dumps(key_set).encode())

    def ensure_pool(self, region: str, pool: PoolIds, user: Mapping[str, str]) -> bool:
        """Create what is missing of an imported user pool; return whether anything was."""
        self.wait()
        with self._startup.lock:
            created = pools.ensure(region, pool, user)
            self._remembered.called("cognito-idp")
            return created

    def dump(self, *, completely: bool = False) -> dict[str, StatePart]:
        """All of moto's backends as they are now, in parts. `completely`: look at those too that were not used."""
        self.wait()
        with self._startup.lock:
            return self._freezer.freeze(completely=completely)

    def _load(self, parts: Mapping[str, bytes]) -> None:
        tables = apps.tables()
        whole = parts.get(snapshot.ALL_OF_MOTO)
        if whole is None:
            freezing.restore(parts.values(), tables, self._blobs)
        else:
            for scope, accounts in freezing.thaw(whole, tables, self._blobs).items():
                for account, regions in accounts.items():
                    tables[scope][account].update(regions)
        self._remembered.forget()


def _played(response: Response, scope: str, request: Request) -> Response:
    """moto's response; 501 in the service's own shape for a route that moto does not have."""
    if response.status in (404, 405) and response.body[:14].lower() == b"<!doctype html":
        return not_imitated(scope, calls.operation(request) or f"{request.method} {request.path}", request)
    return response
