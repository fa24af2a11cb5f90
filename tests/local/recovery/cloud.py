"""An embedded cloud inside this process whose calls and resources fail where a test wants it.

The adapters of AWS are the real ones, over real boto3 clients; CloudFormation is the embedded one, and S3, RDS and
the others are moto. Nothing here waits: an operation runs only while the command that follows it sleeps, so what a
kill leaves behind is an operation in progress, every time.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from moto import mock_aws
from moto.core.models import botocore_stubber

from accountsctl.adapters.aws.session import Session
from accountsctl.adapters.aws.tokens import give_tokens
from accountsctl.localcloud.cloudformation import CloudFormation
from accountsctl.localcloud.cloudformation.providers import PROVIDERS
from accountsctl.localcloud.cloudformation.providers.base import Context, Provider, ProviderError
from accountsctl.localcloud.cloudformation.runtime.delays import Delays
from accountsctl.localcloud.contracts.dispatch import INTERNAL
from accountsctl.localcloud.contracts.messages import Request
from accountsctl.localcloud.moto_services import apps, log_events, rds, s3
from tests.local.cloudformation.conftest import RawBody
from tests.local.recovery.faults import FaultPlan
from tests.local.state.saved import dumped

REGION = "eu-west-1"
REFUSED = "the resource refuses, as the test wants"


Send = Callable[..., AWSResponse]
"""botocore's hook `before-send`: takes ``event_name`` and ``request`` by keyword."""


class Wire:
    """A client that is made once for all tests, for making one takes longer than a push, and where it leads now."""

    def __init__(self, service: str) -> None:
        connect: Callable[..., Any] = boto3.client  # the stubs accept only a literal name
        once = Config(retries={"total_max_attempts": 1})
        self.client = connect(service, region_name=REGION, config=once)
        self.client.meta.events.unregister("before-send", botocore_stubber)
        self.client.meta.events.register("before-send", lambda **sent: self.send(**sent))
        if service == "cloudformation":
            give_tokens(self.client.meta.events)
        self.send: Send


@cache
def _wire(_line: str, service: str) -> Wire:
    return Wire(service)


def wired(line: str, service: str, send: Send, prepare: Callable[[str, Any], None]) -> Any:
    """The client of a service on a line, which leads to `send` from now on; `prepare` is for a new client."""
    wire = _wire(line, service)
    if not hasattr(wire, "send"):
        prepare(service, wire.client)
    wire.send = send
    return wire.client


_LOCK = threading.Lock()


def plain_client(service: str, region: str) -> Any:
    """For the providers, which are a part of the cloud."""
    with _LOCK:
        return _plain(service, region)


@cache
def _plain(service: str, region: str) -> Any:
    connect: Callable[..., Any] = boto3.client
    return connect(service, region_name=region, aws_access_key_id=INTERNAL, aws_secret_access_key="internal")


class Turnstile:
    """Lets resources be changed while it is open. It closes with each change that a user requests."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._reached = threading.Event()

    def close(self) -> None:
        self._reached.clear()
        self._open.clear()

    def open(self) -> None:
        self._open.set()

    def pass_through(self) -> None:
        """Wait until it is open; a test that forgets to open it fails instead of waiting for ever."""
        self._reached.set()
        assert self._open.wait(60)

    @property
    def reached(self) -> bool:
        """Whether an operation stands before it."""
        return self._reached.is_set() and not self._open.is_set()

    def wait_until_reached(self) -> None:
        """Wait until an operation stands before it."""
        assert self._reached.wait(60)


class RecoveryCloud:
    """CloudFormation, and the services behind it.

    `before` is called when a resource is about to be changed, by (verb, logical id), and once.

    `refusals` are, for (verb, logical id), the next attempts in order: True refuses one, False lets it through.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self.turnstile = Turnstile()
        self.before: dict[tuple[str, str], Callable[[], object]] = {}
        self.refusals: defaultdict[tuple[str, str], list[bool]] = defaultdict(list)
        providers = {name: self._moody(provider) for name, provider in PROVIDERS.items()}
        self.cloudformation = self._make(providers)

    def _make(self, providers: Mapping[str, Provider]) -> CloudFormation:
        made = CloudFormation(plain_client, lambda: None, providers)
        made.delays.clock = lambda: self.now
        return made

    @property
    def delays(self) -> Delays:
        """How long resources take."""
        return self.cloudformation.delays

    def settle(self, seconds: float = 0.0) -> None:
        """Let the time pass, and what is in progress come to its end, or to a resource that takes longer."""
        self.now += seconds
        self.turnstile.open()
        self.delays.move()
        for _ in range(6000):
            self.cloudformation.wait(0.01)
            if self.delays.rests or not self.cloudformation.busy:
                return
        raise AssertionError("an operation does not end")

    def still(self) -> None:
        """Wait until what is in progress has ended, takes longer, or stands before the turnstile."""
        client = self.client("cloudformation")
        for _ in range(6000):
            stacks = client.describe_stacks()["Stacks"]
            busy = [it for it in stacks if it["StackStatus"].endswith("_IN_PROGRESS")]
            if (
                self.turnstile.reached
                or self.delays.rests
                or all(it["StackStatus"] == "REVIEW_IN_PROGRESS" for it in busy)
            ):
                return
            self.cloudformation.wait(0.01)
        raise AssertionError("an operation neither ends nor changes a resource")

    def restart(self) -> None:
        """Kill the daemon while an operation is in progress, and start it again from what it had saved.

        The old one's thread stays where it is for ever, as a killed one would.
        """
        saved = dumped(self.cloudformation)
        self.turnstile = Turnstile()
        providers = {name: self._moody(provider) for name, provider in PROVIDERS.items()}
        self.cloudformation = self._make(providers)
        self.cloudformation.load(saved)
        self.turnstile.open()
        self.cloudformation.resume()
        self.settle()

    def client(self, service: str) -> Any:
        """A client as another tool has it: its calls never fail on their way."""
        return wired("direct", service, self.serve, lambda *_: None)

    def serve(self, event_name: str, request: Any, **_: Any) -> AWSResponse:
        """botocore's hook `before-send`: the response of the service itself."""
        if not event_name.startswith("before-send.cloudformation."):
            answer = botocore_stubber(event_name, request)
            assert answer is not None
            return answer
        if not event_name.rpartition(".")[2].startswith(("Describe", "List", "Get")):
            self.turnstile.close()
        body = request.body or b""
        made = Request("POST", "/", body=body if isinstance(body, bytes) else body.encode())
        response = self.cloudformation.handle(made, REGION)
        headers: Any = dict(response.headers)
        return AWSResponse(request.url, response.status, headers, RawBody(response.body))

    def _moody(self, provider: Provider) -> Provider:
        """The same provider, behind the turnstile, which refuses as often as `refusals` says."""
        base: Any = type(provider)
        turnstile, refusals, before = self.turnstile, self.refusals, self.before

        def enter(verb: str, context: Context) -> None:
            turnstile.pass_through()
            before.pop((verb, context.logical_id), lambda: None)()
            coming = refusals[verb, context.logical_id]
            if coming and coming.pop(0):
                raise ProviderError(REFUSED, "GeneralServiceException")

        class MoodyProvider(base):  # type: ignore[misc]
            def create(self, context: Context, *rest: Any) -> Any:
                enter("create", context)
                return super().create(context, *rest)

            def update(self, context: Context, *rest: Any) -> Any:
                enter("update", context)
                return super().update(context, *rest)

            def delete(self, context: Context, *rest: Any) -> None:
                enter("delete", context)
                super().delete(context, *rest)

        moody: Provider = MoodyProvider()
        return moody


class FaultySession(Session):
    """Credentials whose calls go through a plan of faults."""

    def __init__(self, cloud: RecoveryCloud, plan: FaultPlan) -> None:
        super().__init__(REGION)
        self._cloud = cloud
        self._plan = plan

    def client(self, service: str) -> Any:
        """The service's client, whose calls go through the plan."""
        return wired(type(self._plan).__name__, service, self._send, self._plan.prepare)

    def _send(self, event_name: str, request: Any, **_: Any) -> AWSResponse:
        return self._plan.send(
            event_name.removeprefix("before-send."), lambda: self._cloud.serve(event_name, request)
        )


@contextmanager
def recovery_cloud(setenv: Callable[[str, str], None]) -> Iterator[RecoveryCloud]:
    """A cloud with nothing in it; `setenv` sets a variable of the environment."""
    variables: Mapping[str, str] = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        **apps.ENVIRONMENT,
    }
    for name, value in variables.items():
        setenv(name, value)
    apps.configure()
    s3.install()
    rds.install()
    log_events.install()
    with mock_aws():
        cloud = RecoveryCloud()
        yield cloud
        cloud.delays.close()
        cloud.settle()
