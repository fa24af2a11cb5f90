"""What the workflows ask of the world. Each port has one adapter and one fake that pass the same tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from accountsctl.model.assembly import Assembly
from accountsctl.model.edit import Edit
from accountsctl.model.environment import Environment
from accountsctl.model.errors import Fault
from accountsctl.model.events import Listener, StackEvent
from accountsctl.model.names import ResourceId
from accountsctl.model.page import Site
from accountsctl.model.project import Project


@dataclass(frozen=True)
class Reading:
    """A project as far as it could be read, and what was wrong on the way.

    `unsound` are resources whose own files could not be read: they are in the backend, not in the sources,
    and nothing is concluded from what they lack.
    """

    project: Project
    faults: tuple[Fault, ...]
    unsound: frozenset[ResourceId]


class Projects(Protocol):
    """The project on disk (adapter: `files`)."""

    def environments(self) -> tuple[str, ...]:
        """The names of all environments, sorted."""

    def environment(self, name: str) -> Environment:
        """One environment's file; ProjectError where it is missing or unsound."""

    def checked_out(self) -> str | None:
        """The environment that is checked out here, or None."""

    def check_out(self, name: str) -> None:
        """Make `name` the checked-out environment, in one atomic write."""

    def read(self, environment: str | None = None) -> Reading:
        """The whole project for `environment` (default: the checked-out one), as far as it can be read.

        ProjectError only where nothing can be: no project, no such environment, an unsound environment.
        """

    def write_build(self, assembly: Assembly) -> Sequence[str]:
        """Write the rendered templates under ``amplify/build/<env>/``; returns their paths, root first."""


class Compiled(Protocol):
    """Where compiled templates are kept from one command to the next (adapter: `compiled`)."""

    def __hash__(self) -> int:
        """By identity: Jinja's environments are cached by their store."""

    def get(self, key: str) -> bytes | None:
        """What was kept under `key`; None where nothing is, or nothing can be read."""

    def put(self, key: str, content: bytes) -> None:
        """Keep `content` under `key`, if that is possible: a cache that cannot be written costs time only."""


class Workspace(Projects, Protocol):
    """The project on disk for those who change it (adapter: `files`)."""

    def apply(self, edit: Edit) -> None:
        """Make all changes of an edit, or none; ProjectError where one cannot be made."""

    def rehearse(self, edit: Edit, environment: str) -> Reading:
        """What `read` would give after `apply`; touches nothing."""

    def text(self, path: str) -> str | None:
        """A file's text, by its path below the root; None where there is none."""

    def exists(self, path: str) -> bool:
        """True where there is a file or folder at a path below the root."""


@dataclass(frozen=True)
class DeployedStack:
    """A root stack as it is now. `children` maps a nested stack's logical id to its ARN."""

    name: str
    status: str
    tags: Mapping[str, str]
    template: Mapping[str, Any]
    outputs: Mapping[str, str]
    children: Mapping[str, str]
    termination_protected: bool = False


@dataclass(frozen=True)
class Ending:
    """How an operation on a stack ended. `failure` is the first cause, None where it succeeded (or none was told)."""

    status: str
    succeeded: bool
    failure: StackEvent | None = None


class Stacks(Protocol):
    """CloudFormation (adapter: `aws.stacks`)."""

    def current(self, name: str) -> DeployedStack | None:
        """The deployed root stack, or None where there is none."""

    def template(self, stack: str) -> Mapping[str, Any]:
        """The template of any stack, nested ones by ARN, as it was uploaded."""

    def outputs(self, stack: str) -> Mapping[str, str]:
        """The outputs of any stack."""

    def deploy(
        self, name: str, template: str, tags: Mapping[str, str], *, create: bool, listen: Listener
    ) -> Ending | None:
        """Send a template through one change set over nested stacks and follow it to its end.

        None where CloudFormation finds nothing to change. Never raises for a failed stack.
        """

    def delete(self, name: str, listen: Listener) -> Ending:
        """Delete a stack and follow it to its end."""

    def recover(self, name: str, listen: Listener) -> Ending:
        """Continue a rollback that failed, and follow it to its end."""


class Artifacts(Protocol):
    """The deployment bucket (adapter: `aws.artifacts`)."""

    def put(self, bucket: str, key: str, content: bytes) -> bool:
        """Upload unless the key exists already (keys are content hashes); True where it was sent."""

    def empty(self, bucket: str) -> int:
        """Delete every version of every object; returns how many there were."""


@dataclass(frozen=True)
class Caller:
    """Who we are to the cloud: account id, ARN, region."""

    account: str
    arn: str
    region: str


class Identity(Protocol):
    """STS (adapter: `aws.session`)."""

    def caller(self) -> Caller:
        """The credentials' account; CloudError where there are none or they are refused."""


@dataclass(frozen=True)
class AppClient:
    """An app client of a user pool: whether it has a secret, and the sign-in flows that are on."""

    id: str
    name: str
    secret: bool
    flows: frozenset[str]


class Pools(Protocol):
    """Cognito, as the one who imports from it (adapter: `aws.pools`). Reads only."""

    def pools(self) -> tuple[tuple[str, str], ...]:
        """Id and name of every user pool in the region."""

    def has_pool(self, pool_id: str) -> bool:
        """True where the pool exists in the region."""

    def clients(self, pool_id: str) -> tuple[tuple[str, str], ...]:
        """Id and name of a pool's app clients."""

    def client(self, pool_id: str, client_id: str) -> AppClient | None:
        """One app client of a pool, or None where the pool has no such client."""

    def identity_providers(self, identity_pool_id: str) -> frozenset[tuple[str, str]] | None:
        """Provider name and client id of an identity pool's Cognito providers; None where there is no such pool."""


class Inspector(Protocol):
    """What AWS tells of an environment's APIs (adapter: `aws.inspector`). Reads only."""

    def inspect(self, stacks: Mapping[str, str], pools: Iterable[str] = ()) -> Mapping[str, Any]:
        """Everything that `doctor.deployed.read` reads, as plain JSON without secrets.

        `stacks` are nested stacks' ARNs by the resource that they are (``api/accountsAPI``); `pools` are ids of
        user pools to look at beside those that authorizers name. A call that is refused is an entry of
        ``untold``; CouldNotLook where all are.

        ``{apis: [{name, id, api, stages, resources?, authorizers?, gatewayResponses?, validators?, deployments:
        {id: GetDeployment}, exports: {stage: OpenAPI}}], httpApis: [{name, id, api, stages, routes, integrations,
        authorizers}], functions: {arn: {exists, configuration?, policy?, concurrency?}}, clusters: {arn: {...}},
        pools: {id: {exists}}, clients: {id: {exists, pool, scopes, refreshes}}, usagePlans?: [{..., keys: count}],
        domains?: [{..., mappings?}], distributions?: [{..., Origins: [{Id, DomainName}]}], untold: [{what, why}]}``,
        the parts as boto3 names them.
        """


class ApiExports(Protocol):
    """What a stage of API Gateway serves (adapter: `aws.api_exports`)."""

    def export(self, api: str, stage: str) -> Mapping[str, Any]:
        """The deployed snapshot as OpenAPI 3.0 with API Gateway's extensions; CloudError where it is refused."""


@dataclass(frozen=True)
class Errors:
    """How often a function failed, and the last failure in one line without secrets (empty where none is told)."""

    count: int
    latest: str = ""


class Telemetry(Protocol):
    """What is measured of a running environment (adapters: `aws.telemetry`, `machine`)."""

    def errors(self, function: str, since: datetime) -> Errors:
        """A function's failures since then; CloudError where that is not told."""

    def capacity(self, cluster: str, /) -> float | None:
        """A Serverless cluster's capacity units now, 0 where it is paused; None where nothing is measured."""


@dataclass(frozen=True)
class QueryResult:
    """Rows of a statement: column names, and rows of plain values (None for NULL); `updated` counts rows changed."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    updated: int


class Database(Protocol):
    """A database through the RDS Data API (adapter: `aws.data_api`); bound to cluster, secret and name."""

    def execute(
        self, sql: str, parameters: Mapping[str, Any] | None = None, *, transaction: str | None = None
    ) -> QueryResult:
        """Run one statement; ``:name`` placeholders are bound. Waits for a database that is resuming."""

    def begin(self) -> str:
        """Start a transaction and give its id."""

    def commit(self, transaction: str) -> None:
        """Make a transaction's work permanent."""

    def rollback(self, transaction: str) -> None:
        """Undo a transaction's work."""


@dataclass(frozen=True)
class Tokens:
    """A signed-in user's tokens; never printed but by `auth token`, never logged."""

    id_token: str
    access_token: str
    refresh_token: str
    expires_in: int


class SignIn(Protocol):
    """Cognito, as an application's client (adapter: `aws.cognito`)."""

    def sign_in(self, pool_id: str, client_id: str, username: str, password: str) -> Tokens:
        """Sign in by SRP; CloudError with Cognito's reason where it is refused."""


@dataclass(frozen=True)
class HttpAnswer:
    """An HTTP answer. Header names keep their spelling; `body` is as received, decoded as UTF-8."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: str


class Http(Protocol):
    """Sends requests as a browser's client would (adapter: `probe`)."""

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        """One request, no redirects followed; CloudError where there is no answer at all."""


class PageServer(Protocol):
    """Serves the accounts page on this machine (adapter: `page_server`)."""

    def serve(self, site: Site, port: int, ready: Callable[[int], None]) -> None:
        """Serve until interrupted; `ready` is told the port. UsageError where the port is taken."""


class LocalCloud(Protocol):
    """The embedded cloud's life (adapter: `wiring`, over `local.cloud`)."""

    def start(self) -> str:
        """Start it unless it runs; returns its endpoint."""

    def endpoint(self) -> str | None:
        """Its endpoint where it runs, without starting it."""

    def stop(self) -> bool:
        """Stop it with all its children; False where it did not run."""

    def status(self) -> Mapping[str, Any]:
        """``{running, endpoint, pid, dataDir, services}``."""

    def reset(self) -> None:
        """Stop it and delete everything that it holds."""

    def sleep(self, seconds: float) -> Sequence[str]:
        """Let every database fall asleep, to wake `seconds` after the next call; CloudError where it does not run."""

    def log_files(self) -> Iterator[str]:
        """The paths of its log files."""

    def ensure_pool(self, environment: Environment, resource: ResourceId) -> None:
        """Have "someone else's" pool, with the ids that the environment imports, and the demo user in it."""

    def demo_user(self) -> tuple[str, str]:
        """The demo user's name and password."""
