"""The embedded cloud's services, each once, wired to the others."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs

from accountsctl.localcloud.apigateway import Gateway
from accountsctl.localcloud.cloudformation import CloudFormation
from accountsctl.localcloud.cloudformation.execution.custom_resources import with_custom_resources
from accountsctl.localcloud.cloudformation.execution.custom_responses import CustomResponses
from accountsctl.localcloud.contracts import dispatch
from accountsctl.localcloud.contracts.clients import Clients
from accountsctl.localcloud.contracts.identity import caller_identity
from accountsctl.localcloud.contracts.keys import FUNCTION, Keys
from accountsctl.localcloud.contracts.messages import Handler, Request, Response
from accountsctl.localcloud.contracts.reporting import report
from accountsctl.localcloud.events import Events
from accountsctl.localcloud.events.alarms import AlarmActions
from accountsctl.localcloud.http_apis.endpoints import HttpEndpoints
from accountsctl.localcloud.lambdas import Functions
from accountsctl.localcloud.lambdas.environment import CloudAccess
from accountsctl.localcloud.log_files import LogEventFiles
from accountsctl.localcloud.moto_services import (
    calls,
    data_steps,
    log_events,
    machine_runs,
    queues,
    request_metrics,
)
from accountsctl.localcloud.moto_services.service import Control
from accountsctl.localcloud.rds_data import DataApi
from accountsctl.localcloud.rds_data.postgres.servers import Postgres
from accountsctl.localcloud.requests_log import RequestsLog
from accountsctl.localcloud.rights.judge import Rights
from accountsctl.localcloud.server.authentication import Authentication
from accountsctl.localcloud.server.services_status import ServicesStatus, found_database
from accountsctl.localcloud.state.blobs import Blobs
from accountsctl.localcloud.state.clusters import Description
from accountsctl.localcloud.state.parts import StatePart
from accountsctl.localcloud.state.snapshot import State
from accountsctl.localcloud.user_pools.service import UserPools

DEFAULT_REGION = "us-east-1"
ROLLBACK_SECONDS = 10.0  # how long requests wait while operations that a kill cut off are rolled back
DEPLOYMENT = re.compile(r"/restapis/(?P<api>[^/]+)/deployments/(?P<deployment>[^/]+)/?")


class Services:
    """Every service once, wired to the others."""

    def __init__(
        self, data: Path, endpoint: Callable[[], str], own_calls: Handler, blobs: Blobs | None = None
    ) -> None:
        """`own_calls` serves the requests of our own clients; `changed` must be set before the first of them."""
        self.changed: Callable[[], None] = _unset
        self.clients = Clients(own_calls, endpoint())
        self.postgres = Postgres(data / "postgres")
        keys = Keys.of(data)
        self.control = Control(partial(data_steps.take, self.postgres), blobs, keys)
        rights = Rights(self.control.secret_arn, self.control.resource_policy)
        self.authentication = Authentication(keys, self.control.signer, rights.refuses)
        self.functions = Functions(self.control, lambda: CloudAccess(endpoint(), keys), data / "functions")
        self.user_pools = UserPools(self.control.handle, self.control, self.functions)
        self.events = Events(
            self.control.event_sources, self.control, self.functions, self.clients, lambda: self.changed()
        )
        machine_runs.connect(self.clients, lambda: self.changed())
        self.control.function_logs.changed = lambda: self.changed()
        self.control.function_logs.invoke_later = self.events.invoke_later
        self.functions.logged = self.control.function_logs.write
        self.log_files = LogEventFiles(data / "log-groups")
        log_events.connect(self.log_files)
        self.control.invoke_later = self.functions.invoke_later = self.events.invoke_later
        self.requests = RequestsLog(data / "apis")
        request_metrics.connect(self.requests.metrics)
        self.requests.write_access = log_events.write_access
        self.http = HttpEndpoints(self.control, self.functions, self.requests)
        self.alarms = AlarmActions(self.control, self.clients)
        self.data_api = DataApi(self.control, self.postgres)
        self.gateway = Gateway(
            self.control,
            self.functions,
            self.clients,
            lambda: self.changed(),
            watched=True,
            recorder=self.requests,
        )
        self.custom_responses = CustomResponses()
        providers = with_custom_resources(self.custom_responses, endpoint)
        self.cloudformation = CloudFormation(self.clients, lambda: self.changed(), providers)

    def restore(self, state: State | None) -> None:
        """Load moto, and bring back the state of the last run."""
        self.control.prepare(state.control if state else None)
        self._find_databases()
        if state:
            self.gateway.load(state.services["gateway"])
            self.cloudformation.load(state.services["cloudformation"])
            if "events" in state.services:  # states of earlier versions have none
                self.events.load(state.services["events"])
            if "requests" in state.services:
                self.requests.load(state.services["requests"])
            self.cloudformation.resume()
            # Otherwise the first push after a kill would find its stack busy, and be refused.
            self.cloudformation.wait(ROLLBACK_SECONDS)
        self.events.start()

    def _find_databases(self) -> None:
        """Describe the databases of the restored clusters, and offer the other ones to clusters of their names."""
        clusters = self.control.clusters()
        on_disk = {description.resource_id for description in self.postgres.descriptions.on_disk()}
        for cluster in clusters:
            if cluster.resource_id in on_disk:
                self.postgres.descriptions.put(Description.of(cluster))
        found = self._unclaimed()
        self.control.offer(found)
        for description in found:
            report(
                f"found the database {description.identifier or description.resource_id}, which the state does not know"
            )

    def _unclaimed(self) -> list[Description]:
        return self.postgres.descriptions.on_disk(
            {cluster.resource_id for cluster in self.control.clusters()}
        )

    def state(self, *, completely: bool = False) -> dict[str, StatePart]:
        """All state of this moment, in parts. CloudFormation's comes last: a stack may know a resource that is not
        there yet, but never the other way round. `completely`: also of what should not have changed."""
        with self.cloudformation.quiet():
            found = self.control.dump(completely=completely)
            own = {
                "gateway": self.gateway.dump(),
                "events": self.events.dump(),
                "requests": self.requests.dump(),
            }
            for name, dumped in own.items():
                found[name] = StatePart(json.dumps(dumped, separators=(",", ":")).encode())
            return found | {name: StatePart(content) for name, content in self.cloudformation.dump()}

    def sleep(self, seconds: float) -> list[str]:
        """Pause every database, as an idle Aurora cluster pauses; return their clusters' names."""
        clusters = self.control.clusters()
        for cluster in clusters:
            self.data_api.pause(cluster.arn, seconds)
        return sorted(cluster.identifier for cluster in clusters)

    def close(self) -> None:
        """Let running operations end; the daemon stops the databases (`postgres.stop`) after the last save."""
        self.custom_responses.close()
        self.events.stop()
        self.control.long_poll.close()
        self.cloudformation.close()
        self.functions.close()
        self.events.close()
        self.data_api.close()
        self.log_files.close()

    def status(self) -> ServicesStatus:
        ready = "ready" if self.control.ready else "loading"
        return {
            "cloudformation": ready,
            "control": ready,
            "gateway": ready,
            "functions": ready,
            "dataApi": ready,
            "postgres": self.postgres.status(),
            "delays": {name: f"{length:g} s" for name, length in self.cloudformation.delays.seconds.items()},
            "found": [found_database(description) for description in self._unclaimed()]
            if self.control.ready
            else [],
        }

    def service_api(self, request: Request, where: dispatch.ServiceTarget) -> Response:
        """A call of a service's control plane. The gateway checks a deployment before it is created, takes its
        snapshot afterwards, and serves some calls itself; Lambda prepares new code."""
        response = self._control(request, where)
        if not calls.reads(request):
            if where.scope in queues.SOURCES:
                self.control.long_poll.changed()
            self.events.changed(where.scope)
        return response

    def _control(self, request: Request, where: dispatch.ServiceTarget) -> Response:
        if where.scope == "cognito-idp":
            return self.user_pools.handle(request, where)
        if where.access_key == FUNCTION and calls.operation(request) == "GetCallerIdentity":
            return self._identity(request)
        if where.scope == "monitoring":
            response = self.control.handle(request, where)
            self.alarms.observe(request, where.region)
            return response
        if where.scope == "lambda":
            response = self.control.handle(request, where)
            self.functions.observe(request, response, where.region)
            return response
        if where.scope != "apigateway":
            return self.control.handle(request, where)
        gateway_response = self.gateway.control(request, where.region)
        if gateway_response:
            return gateway_response
        response = self.control.handle(request, where)
        self.gateway.observe(request, response, where.region)
        return self._with_summary(request, response)

    def _identity(self, request: Request) -> Response:
        """Who a function is: moto's STS knows the sessions only that it has given out itself."""
        signer = self.control.signer(FUNCTION, request.header("X-Amz-Security-Token"))
        return caller_identity(signer.arn if signer else "", signer.id if signer else "")

    def _with_summary(self, request: Request, response: Response) -> Response:
        """Add GetDeployment's ``embed=apisummary``: what was deployed, which moto does not store."""
        path = DEPLOYMENT.fullmatch(request.path)
        requested = "apisummary" in parse_qs(request.query).get("embed", [])
        if not (path and requested and request.method == "GET" and response.status == 200):
            return response
        summary = self.gateway.summary(path["api"], path["deployment"])
        if summary is None:
            return response
        deployment = {**json.loads(response.body), "apiSummary": summary}
        return Response(response.status, response.headers, json.dumps(deployment).encode())


def _unset() -> None:
    raise RuntimeError("used before it was wired")
