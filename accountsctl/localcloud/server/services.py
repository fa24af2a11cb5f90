"""The embedded cloud's services, and the router that takes each request to one of them.

What the router adds to a service's answer is durability: a change that came from outside is on disk
before its answer leaves; a change by one of our own clients is on disk soon after.
"""

from __future__ import annotations

import json
import re
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from accountsctl.localcloud.apigateway import Gateway
from accountsctl.localcloud.cloudformation import CloudFormation
from accountsctl.localcloud.contracts import dispatch
from accountsctl.localcloud.contracts.clients import Clients
from accountsctl.localcloud.contracts.messages import Handler, Request, Response
from accountsctl.localcloud.lambdas import Functions
from accountsctl.localcloud.moto_services import calls
from accountsctl.localcloud.moto_services.service import Control
from accountsctl.localcloud.rds_data import DataApi
from accountsctl.localcloud.rds_data.postgres.servers import Postgres
from accountsctl.localcloud.state.blobs import Blobs
from accountsctl.localcloud.state.saver import Saver
from accountsctl.localcloud.state.snapshot import State, write_private

DEFAULT_REGION = "us-east-1"
ROLLING_BACK = 10.0  # seconds that the doors stay closed for what a kill cut off
DEPLOYMENT = re.compile(r"/restapis/(?P<api>[^/]+)/deployments/(?P<deployment>[^/]+)/?")


class Services:
    """Every service once, wired to the others."""

    def __init__(self, data: Path, endpoint: Callable[[], str], own_calls: Handler) -> None:
        """`own_calls` takes the requests of our own clients; `changed` must be set before the first of them."""
        self.changed: Callable[[], None] = _unset
        self.clients = Clients(own_calls, endpoint())
        self.postgres = Postgres(data / "postgres")
        self.blobs = Blobs(data / "blobs", write_private)
        self.control = Control(self._dropped, self.blobs)
        self.functions = Functions(self.control, endpoint, data / "functions")
        self.data_api = DataApi(self.control, self.postgres)
        self.gateway = Gateway(
            self.control, self.functions, self.clients, lambda: self.changed(), watched=True
        )
        self.cloudformation = CloudFormation(self.clients, lambda: self.changed())

    def restore(self, state: State | None) -> None:
        """Load what is slow to load, and bring back what was."""
        self.control.prepare(state.control if state else None)
        if state:
            self.gateway.load(state.services["gateway"])
            self.cloudformation.load(state.services["cloudformation"])
            self.cloudformation.resume()
            # Or the first push after a kill would find its stack busy, and be refused.
            self.cloudformation.wait(ROLLING_BACK)

    def state(self) -> State:
        """All state of this moment. CloudFormation's comes last: a stack may know a resource that is not
        there yet, but never the other way round."""
        with self.cloudformation.quiet():
            control = self.control.dump()
            gateway = self.gateway.dump()
            return State({"gateway": gateway, "cloudformation": self.cloudformation.dump()}, control)

    def sleep(self, seconds: float) -> list[str]:
        """Let every database fall asleep, as an idle Aurora cluster does; return their names."""
        clusters = self.control.clusters()
        for cluster in clusters:
            self.data_api.pause(cluster.arn, seconds)
        return sorted(cluster.identifier for cluster in clusters)

    def close(self) -> None:
        """Let running operations end; the daemon stops the databases (`postgres.stop`) after the last save."""
        self.cloudformation.close()
        self.functions.close()
        self.data_api.close()

    def status(self) -> dict[str, Any]:
        ready = "ready" if self.control.ready else "loading"
        return {
            "cloudformation": ready,
            "control": ready,
            "gateway": ready,
            "functions": ready,
            "dataApi": ready,
            "postgres": self.postgres.status(),
        }

    def service_api(self, request: Request, where: dispatch.ServiceTarget) -> Response:
        """A call of a service's control plane. The gateway judges a deployment before it is made, and takes
        its snapshot after; some calls are its own. Functions learn of new code."""
        if where.scope == "lambda":
            answer = self.control.handle(request, where)
            self.functions.observe(request, answer, where.region)
            return answer
        if where.scope != "apigateway":
            return self.control.handle(request, where)
        own = self.gateway.control(request, where.region)
        if own:
            return own
        answer = self.control.handle(request, where)
        self.gateway.observe(request, answer, where.region)
        return self._with_summary(request, answer)

    def _with_summary(self, request: Request, answer: Response) -> Response:
        """GetDeployment's ``embed=apisummary``: what was deployed, which moto does not know."""
        found = DEPLOYMENT.fullmatch(request.path)
        requested = "apisummary" in parse_qs(request.query).get("embed", [])
        if not (found and requested and request.method == "GET" and answer.status == 200):
            return answer
        summary = self.gateway.summary(found["api"], found["deployment"])
        if summary is None:
            return answer
        shown = {**json.loads(answer.body), "apiSummary": summary}
        return Response(answer.status, answer.headers, json.dumps(shown).encode())

    def _dropped(self, resource_id: str, keep_as: str | None) -> None:
        self.postgres.drop(resource_id, keep_as=keep_as)


class Router:
    """A request to its service. Before the state is back, requests from outside wait."""

    def __init__(self, daemon: Handler) -> None:
        self._daemon = daemon
        self._services: Services | None = None
        self.save: Callable[[], None] = _unset
        self.settle: Callable[[], None] = _unset
        self._open = threading.Event()

    def prepare(self, services: Services) -> None:
        """Let our own clients in: restoring needs them."""
        self._services = services

    def open(self, saver: Saver) -> None:
        """Let everyone in, and keep what they change."""
        self.save, self.settle = saver.save, saver.settle
        self._open.set()

    def wait(self) -> None:
        """Return when the doors are open."""
        self._open.wait()

    def handle(self, request: Request) -> Response:
        """A request from outside."""
        where = dispatch.target(request)
        refused = dispatch.refuses_page(request, where)
        if refused:
            return refused
        if where.service != "daemon":
            self._open.wait()
        return self._guarded(request, where)

    def handle_own(self, request: Request) -> Response:
        """A request of one of our own clients; it may come before the doors are open."""
        return self._guarded(request, dispatch.target(request))

    def _guarded(self, request: Request, where: dispatch.ServiceTarget) -> Response:
        try:
            answer = self._serve(request, where)
            self._keep(request, where)
        except Exception:  # noqa: BLE001 - the last line of defence: a bug answers 500 and is logged
            traceback.print_exc()
            return dispatch.error(500, "InternalFailure", "The embedded cloud failed; see its log.")
        return answer

    def _serve(self, request: Request, where: dispatch.ServiceTarget) -> Response:
        if where.service == "daemon":
            return self._daemon(request)
        assert self._services is not None
        services = self._services
        match where.service:
            case "cloudformation":
                return services.cloudformation.handle(request, where.region)
            case "data-api":
                return services.data_api.handle(request, where.region)
            case "invoke":
                return services.functions.handle(request, where.region)
            case "gateway":
                return services.gateway.handle(request, where.api, where.stage, where.path)
            case "control":
                return services.service_api(request, where)
            case "unknown":
                return dispatch.missing_token(request)

    def _keep(self, request: Request, where: dispatch.ServiceTarget) -> None:
        """Who learns that a stack is complete must find it complete after a kill, so that reading
        CloudFormation from outside waits for the disk too."""
        if where.service not in ("control", "cloudformation"):
            return
        assert self._services is not None
        own, read = where.access_key == dispatch.INTERNAL, calls.reads(request)
        if own and not read:
            self._services.changed()
        elif not own and not read:
            self.save()
        elif not own and where.service == "cloudformation":
            self.settle()


def _unset() -> None:
    raise RuntimeError("used before it was wired")
