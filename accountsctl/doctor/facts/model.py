"""What the doctor knows of one API, from whatever source: a template, the cloud, or a browser's exchange.

The readers (`facts.templates`, `facts.deployed`) fill these; cards and the walk read nothing else. Every fact keeps its
place, so that a finding can say where it was seen. Header names are in lower case; values of mapping expressions are as
they stand in the template, quotes included (``'*'``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from accountsctl.doctor.facts.app_clients import Client
from accountsctl.doctor.facts.buckets import Bucket
from accountsctl.doctor.facts.custom_domains import Domain
from accountsctl.doctor.facts.distributions import Distribution
from accountsctl.doctor.facts.handler import FunctionHandler
from accountsctl.doctor.facts.permissions import GatewayPermissions, Permission
from accountsctl.doctor.facts.places import Layer, SourcePlace, Spelling
from accountsctl.doctor.facts.reflected_origin import ReflectedOrigin
from accountsctl.doctor.facts.routing import RouteTable
from accountsctl.model.api_gateway import ApiKind, AuthorizationType
from accountsctl.model.data_mappings import AUTHORIZATION


@dataclass(frozen=True)
class IntegrationResponse:
    """What an integration's answer becomes. `headers` are mapping expressions, `computed` those of VTL."""

    status: str
    place: SourcePlace
    pattern: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    computed: Mapping[str, ReflectedOrigin | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Integration:
    """What answers a method. `function` is a key of `Api.functions`; `timeout_ms` is None if not stated (29 s).

    `role`: API Gateway calls it with the rights of a role, so the function needs no permission; `role_fault` is why
    that role does not serve, empty if it does or that is not known.
    """

    type: str
    place: SourcePlace
    http_method: str | None = None
    uri: str = ""
    function: str | None = None
    templates: Mapping[str, str] = field(default_factory=dict)
    passthrough: str = "WHEN_NO_MATCH"
    content_handling: str | None = None
    timeout_ms: int | None = None
    responses: tuple[IntegrationResponse, ...] = ()
    role: bool = False
    role_fault: str = ""


@dataclass(frozen=True)
class Method:
    """One verb of a path (``ANY`` for all). `authorizer` is a key of `Api.authorizers`.

    `required` are the parameters that a validator asks for (``header.x``, ``querystring.q``), without those of
    the path; `body_model` True if a validator checks the body. `declared` are the headers of each method
    response, by status; None if the spelling has none (a proxy integration needs none).
    """

    verb: str
    place: SourcePlace
    authorization: str = AuthorizationType.NONE
    authorizer: str | None = None
    scopes: tuple[str, ...] = ()
    api_key: bool = False
    required: tuple[str, ...] = ()
    body_model: bool = False
    integration: Integration | None = None
    declared: Mapping[str, frozenset[str]] | None = None
    spelling: Spelling = Spelling.RESOURCE


Routes = Mapping[str, Mapping[str, Method]]
"""The methods of an API: path -> verb -> method."""


@dataclass(frozen=True)
class Authorizer:
    """An authorizer. `type` is COGNITO_USER_POOLS, TOKEN, REQUEST or JWT.

    `pools` are ids of user pools (``eu-west-1_AbC``), None if the template does not tell them; so are the `issuer` and
    the `audiences` that a JWT authorizer compares. `expression` is the
    IdentityValidationExpression, `function` a key of `Api.functions`. `role` None: API Gateway may not assume it.
    """

    name: str
    type: str
    place: SourcePlace
    identity_source: str = AUTHORIZATION
    pools: tuple[str, ...] | None = None
    issuer: str | None = None
    audiences: tuple[str, ...] | None = None
    expression: str | None = None
    ttl: int = 300
    function: str | None = None
    role: bool | None = False
    pool_exists: bool | None = None
    spelling: Spelling = Spelling.RESOURCE

    @property
    def is_function(self) -> bool:
        """Whether a Lambda function decides, and not a user pool or another issuer of tokens."""
        return self.type in ("TOKEN", "REQUEST")


@dataclass(frozen=True)
class GatewayResponse:
    """A customised gateway response. `status` replaces the status; `headers` are mapping expressions."""

    type: str
    place: SourcePlace
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    spelling: Spelling = Spelling.RESOURCE


@dataclass(frozen=True)
class Function:
    """A Lambda function. `permissions` None if its policy was not looked at; `timeout` in seconds."""

    key: str
    place: SourcePlace
    permissions: tuple[Permission, ...] | None = None
    timeout: float | None = None
    concurrency: int | None = None
    handler: FunctionHandler | None = None
    database_sleeps: bool | None = None
    state: str | None = None
    exists: bool = True

    @cached_property
    def gateway_permissions(self) -> GatewayPermissions:
        """The permissions by which API Gateway may call it, as far as is known."""
        return GatewayPermissions(self.permissions or ())


@dataclass(frozen=True)
class Stage:
    """A stage. `keys_served`: some usage plan with a key covers it (None: not looked at).

    `knows_variables` False: it may have others. `throttled` are limits that let no request pass, in words, by the
    methods that they are of (``*/*``, ``~1items/GET``).
    """

    name: str
    place: SourcePlace
    variables: Mapping[str, str] = field(default_factory=dict)
    knows_variables: bool = True
    cached: bool = False
    cache_keys_origin: bool = False
    canary: bool = False
    waf: bool = False
    keys_served: bool | None = None
    throttled: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class HttpCors:
    """The CORS configuration of an HTTP API; values in lower case but for origins."""

    place: SourcePlace
    origins: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    credentials: bool = False


@dataclass(frozen=True)
class Api:
    """One API as one layer knows it. `routes` are path -> verb -> method, paths as ``/accounts/{id}``.

    `lines` are the lines of pointers in a file; `not_reported` is what this layer could not see, as (what, why).
    `refs` are the ways in which a template's permissions may name the API. `stale` are the routes whose live resources
    differ from the deployed ones: (path, verb) -> what differs; ("*", "*") holds for all. `stage` is that whose routes
    these are, if any. `partial`: some of its routes may stand elsewhere; `imported`: so does all of it but methods;
    `responses_elsewhere`: gateway responses may. `project_pools` are the ids of the project's user pools, as far as
    known; `project_identities`: their users can have AWS credentials of an identity pool, and so sign. `assumed` is
    what is taken to hold for what stands at a pointer of the template, or below it: pointer -> pairs of (what, why).
    """

    name: str
    layer: Layer
    place: SourcePlace
    routes: Routes
    kind: str = ApiKind.REST
    id: str | None = None
    authorizers: Mapping[str, Authorizer] = field(default_factory=dict)
    responses: Mapping[str, GatewayResponse] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    stages: Mapping[str, Stage] = field(default_factory=dict)
    domains: tuple[Domain, ...] = ()
    distributions: tuple[Distribution, ...] = ()
    binary_types: tuple[str, ...] = ()
    policy: Mapping[str, Any] | None = None
    endpoint_disabled: bool = False
    private: bool = False
    http_cors: HttpCors | None = None
    project_pools: frozenset[str] = frozenset()
    project_identities: bool = False
    refs: frozenset[str] = frozenset()
    lines: Mapping[tuple[str, str], int] = field(default_factory=dict)
    not_reported: tuple[tuple[str, str], ...] = ()
    stale: Mapping[tuple[str, str], str] = field(default_factory=dict)
    stage: str | None = None
    clients: Mapping[str, Client] = field(default_factory=dict)
    partial: bool = False
    imported: bool = False
    responses_elsewhere: bool = False
    needs_url_permission: bool = False
    bucket: Bucket | None = None
    assumed: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    @property
    def is_api(self) -> bool:
        """Whether it has routes of its own, as a bucket and a distribution have not."""
        return self.kind not in (ApiKind.BUCKET, ApiKind.DISTRIBUTION)

    @property
    def may_be_stale(self) -> bool:
        """Whether another snapshot than this may be what answers: it was not compared with what is deployed."""
        return self.layer is not Layer.DEPLOYED or bool(self.not_reported)

    def route(self, path: str) -> str | None:
        """The route that API Gateway takes for a path: literal parts before variables before ``{proxy+}``."""
        return self._table.find(path) or ("$default" if "$default" in self.routes else None)

    @cached_property
    def _table(self) -> RouteTable:
        return RouteTable(self.routes, strict=self.kind != ApiKind.REST)

    def route_for(self, path: str, verb: str) -> str | None:
        """The route for a path and a verb: an HTTP API goes on to a less specific route that takes the verb.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
        """
        if self.kind != ApiKind.HTTP:
            return self.route(path)
        wanted = verb.upper()
        if wanted not in self._tables_by_verb:
            taking = [route for route, methods in self.routes.items() if {wanted, "ANY"} & set(methods)]
            self._tables_by_verb[wanted] = RouteTable(taking)
        takes_all = {wanted, "ANY"} & set(self.routes.get("$default", ()))
        return self._tables_by_verb[wanted].find(path) or ("$default" if takes_all else self.route(path))

    @cached_property
    def _tables_by_verb(self) -> dict[str, RouteTable]:
        return {}

    def method_for(self, path: str, verb: str) -> Method | None:
        """The method that answers a request for a path with a verb; None if there is none."""
        return self.method(self.route_for(path, verb), verb)

    def method(self, route: str | None, verb: str) -> Method | None:
        """The method of a route for a verb, or its ANY."""
        methods = self.routes.get(route or "", {})
        return methods.get(verb.upper()) or methods.get("ANY")

    def authorizer_of(self, method: Method | None) -> Authorizer | None:
        """The authorizer of a method; None if it has none, or one that this layer does not know."""
        return self.authorizers.get(method.authorizer or "") if method else None

    def function_of(self, method: Method | None) -> Function | None:
        """The function behind a method; None if there is none, or this layer does not know it."""
        integration = method.integration if method else None
        return self.functions.get(integration.function or "") if integration else None

    def every(self) -> Iterator[tuple[str, Method]]:
        """Every route with each of its methods."""
        for route, methods in self.routes.items():
            yield from ((route, method) for method in methods.values())
