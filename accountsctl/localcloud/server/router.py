"""The router: it takes each request to its service, and turns what fails into an error of AWS.

What it adds to a service's response is durability: a change that came from outside is on disk
before its response leaves; a change by one of our own clients is on disk soon after.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from accountsctl.localcloud.contracts import dispatch
from accountsctl.localcloud.contracts.messages import Handler, Request, Response
from accountsctl.localcloud.contracts.reporting import is_full, report_exception
from accountsctl.localcloud.idle_stop import IdleTime
from accountsctl.localcloud.lambdas import is_event
from accountsctl.localcloud.moto_services import calls, malformed
from accountsctl.localcloud.moto_services.errors import refusal as refusal_of
from accountsctl.localcloud.server.services import Services
from accountsctl.localcloud.state.saver import SaveError, Saver
from accountsctl.localcloud.state.snapshot import StateError

QUESTIONS = ("/_accountsctl/health", "/_accountsctl/status")
"""What every command asks first, also those that only list what runs: no use of the cloud."""
OPEN_SECONDS = 120.0  # the longest that a call waits while the state is restored


class Router:
    """Takes each request to its service. Until the state is restored, requests from outside wait."""

    def __init__(self, daemon: Handler, idle: IdleTime) -> None:
        self._daemon = daemon
        self._idle = idle
        self._services: Services | None = None
        self.save: Callable[[], None] = _unset
        self.flush: Callable[[], None] = _unset
        self._open = threading.Event()
        self._failure: StateError | None = None

    def prepare(self, services: Services) -> None:
        """Serve our own clients: restoring the state needs them."""
        self._services = services

    def open(self, saver: Saver) -> None:
        """Serve everyone, and save what they change."""
        self.save, self.flush = saver.save, saver.flush
        self._open.set()

    def fail(self, failure: StateError) -> None:
        """The state could not be restored: refuse everyone, with the reason."""
        self._failure = failure
        self._open.set()

    def wait(self) -> None:
        """Return when everyone is served; raises StateError if the state could not be restored."""
        if not (self._open.is_set() or self._open.wait(OPEN_SECONDS)):  # to look costs less than to wait
            raise TimeoutError(f"The embedded cloud was not ready within {OPEN_SECONDS:.0f} seconds.")
        if self._failure is not None:
            raise self._failure

    def handle(self, request: Request) -> Response:
        """A request from outside."""
        where = dispatch.target(request)
        refusal = dispatch.refuses_page(request, where)
        if refusal:
            return refusal
        if request.path in QUESTIONS:
            return self._guarded(request, where, verified=False)
        with self._idle.use():
            return self._guarded(request, where, verified=False)

    def handle_own(self, request: Request) -> Response:
        """A request of one of our own clients; it may come before the state is restored."""
        return self._guarded(request, dispatch.target(request))

    def _guarded(self, request: Request, where: dispatch.ServiceTarget, *, verified: bool = True) -> Response:
        """Serve the request; `verified`: it comes from a part of this cloud, and needs no signature."""
        try:
            if not verified and where.service != "daemon":
                self.wait()
            refusal = None if verified else self._refusal(request, where)
            if refusal:
                return refusal
            response = self._serve(request, where)
            self._save(request, where)
        except TimeoutError as fault:
            return refusal_of(where.scope, 503, "ServiceUnavailable", str(fault))
        except StateError as fault:
            # 400, which no SDK retries: the state is the same at the next try.
            return refusal_of(where.scope, 400, "StateError", f"{fault} {fault.hint}")
        except Exception as fault:  # noqa: BLE001 - the last line of defence: a bug becomes a 500 and is logged
            stored = not (isinstance(fault, SaveError) or is_full(fault))
            malformed_request = (
                malformed.refusal_of(where.scope, request) if where.access_key and stored else None
            )
            if malformed_request is not None:
                return malformed_request
            report_exception()
            if not stored:
                return _not_stored(where, fault)
            return refusal_of(where.scope, 500, "InternalFailure", "The embedded cloud failed; see its log.")
        return response

    def _refusal(self, request: Request, where: dispatch.ServiceTarget) -> Response | None:
        if where.service == "daemon":
            return None  # it has a token of its own
        assert self._services is not None
        return self._services.authentication.refuses(request, where)

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
                # HTTP APIs are looked up in moto, behind its one lock: a deployed REST API need not wait for that.
                rest = where.api in services.gateway.deployed_apis
                http_api = None if rest else services.http.http_apis.handle(request, where.api)
                return http_api or services.gateway.handle(request, where.api, where.stage, where.path)
            case "function-url":
                return services.http.function_urls.handle(request, where.api, where.path)
            case "custom-response":
                return services.custom_responses.handle(request)
            case "wait-signal":
                return services.cloudformation.take_signal(request)
            case "control":
                return services.service_api(request, where)
            case "unknown":
                return dispatch.missing_token(request)

    def _save(self, request: Request, where: dispatch.ServiceTarget) -> None:
        """Have the change of a call written: before the response if it came from outside, otherwise soon."""
        if where.service == "invoke" and is_event(request) and where.access_key != dispatch.INTERNAL:
            self.flush()  # who is given a 202 must find the event done after a kill
        if where.service == "wait-signal":
            self.save()  # who is given a 200 does not send the signal again
        if where.service not in ("control", "cloudformation"):
            return
        assert self._services is not None
        internal, reads = where.access_key == dispatch.INTERNAL, calls.reads(request)
        if internal and not reads:
            self._services.changed()
        elif not internal and not reads:
            self.save()
        elif not internal and where.service == "cloudformation":
            # A caller who reads that a stack is complete must find it complete after a kill.
            self.flush()


def _not_stored(where: dispatch.ServiceTarget, fault: Exception) -> Response:
    """507, which no SDK retries: the call would meet its own half-done change."""
    full = is_full(fault) or (fault.__cause__ is not None and is_full(fault.__cause__))
    remedy = "Free some space" if full else "See its log"
    text = f"{fault}. {remedy}; what was changed is in memory, and is written with the next change."
    return refusal_of(where.scope, 507, "InsufficientStorage", text)


def _unset() -> None:
    raise RuntimeError("used before it was wired")
