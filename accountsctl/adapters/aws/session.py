"""Clients of the SDK for one environment, created on first use, and the account that its credentials belong to."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.loaders import Loader

from accountsctl.adapters.aws.cut_off import retry_cut_off_responses
from accountsctl.adapters.aws.errors import translated
from accountsctl.adapters.aws.service_role import give_role
from accountsctl.adapters.aws.tokens import give_tokens
from accountsctl.adapters.aws.trace import trace_calls
from accountsctl.model.loopback import is_loopback_url
from accountsctl.ports.identity import Caller

if TYPE_CHECKING:
    from botocore.session import Session as Sdk

AccessKey = tuple[str, str]
"""An access key id and its secret access key."""

CALLS: dict[str, dict[str, Any]] = {
    "*": {"retries": {"mode": "standard", "total_max_attempts": 5}},
    # A statement that may have run must not run again: after a lost answer the SDK would send an INSERT twice.
    # A call may take the Data API's whole 45 s.
    "rds-data": {"retries": {"total_max_attempts": 1}, "read_timeout": 60},
    # A function may take 15 minutes, and as long as one likes under a debugger; a second call would run it again.
    "lambda": {"retries": {"total_max_attempts": 1}, "read_timeout": 3600},
}


# The embedded cloud has nothing to do with this machine's AWS configuration: a profile that is set but does
# not exist, or a broken file, must not stop a push that needs no account.
NO_CONFIGURATION = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


class ServiceLoader(Loader):
    """Loads the models of the services that are asked for.

    botocore looks into the folders of all services, four hundred of them, before it opens the model of one.
    """

    def list_available_services(self, type_name: str) -> list[str]:
        """The names of all services. One that lacks models of that type is refused where its model is opened."""
        del type_name
        return list(self._services)

    @cached_property  # Asked two or three times for each client.
    def _services(self) -> list[str]:
        folders = [folder for path in self.search_paths if (folder := Path(path)).is_dir()]
        return sorted(
            {service.name for folder in folders for service in folder.iterdir() if service.is_dir()}
        )


class Session:
    """One set of credentials in one region. `endpoint` is the embedded cloud's, or None for AWS itself.

    `key` is the access key for that endpoint; with AWS itself the SDK finds the credentials. `role` is the ARN of the
    role that CloudFormation takes on for what it does; without one it uses the caller's own rights. `answers` is
    botocore's hook ``before-send``, which answers every call in this process.
    """

    def __init__(
        self,
        region: str,
        *,
        profile: str | None = None,
        endpoint: str | None = None,
        key: AccessKey = ("none", "none"),
        role: str | None = None,
        answers: Callable[..., Any] | None = None,
    ) -> None:
        self.region = region
        self._profile = profile
        self._endpoint = endpoint
        self._key = key
        self._role = role
        self._answers = answers
        self.trace: Callable[[str], None] | None = None
        self._clients: dict[str, Any] = {}

    @property
    def endpoint(self) -> str | None:
        """Where calls go instead of AWS: the embedded cloud, or what ``AWS_ENDPOINT_URL`` says."""
        return self._endpoint or os.environ.get("AWS_ENDPOINT_URL") or None

    def endpoint_of(self, service: str) -> str | None:
        """Where the calls of one service go instead of AWS, as the SDK decides it; None if they go to AWS.

        An endpoint can be set for all services and for one, by variables (``AWS_ENDPOINT_URL_API_GATEWAY``) and in a
        profile's `services`: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
        """
        if self._endpoint:
            return self._endpoint
        from botocore.configprovider import ConfiguredEndpointProvider

        with translated("read the AWS configuration"):
            if self.sdk.get_config_variable("ignore_configured_endpoint_urls"):
                return None
            configured = self.sdk.full_config, self.sdk.get_scoped_config()
            endpoint: str | None = ConfiguredEndpointProvider(*configured, service).provide()
        return endpoint

    def client(self, service: str) -> Any:
        """The client of a service, the same one every time; `clients.service_client` also states its type."""
        if service not in self._clients:
            from botocore.config import Config

            config = Config(
                user_agent_extra="accountsctl",
                proxies={} if is_loopback_url(self.endpoint_of(service)) else None,
                **CALLS.get(service, CALLS["*"]),
            )
            with translated(f"open a connection to {service}"):
                client: Any = self.sdk.create_client(service, endpoint_url=self._endpoint, config=config)
            retry_cut_off_responses(client.meta.events)
            if self.trace is not None:
                trace_calls(client.meta.events, self.trace)
            if self._answers is not None:
                client.meta.events.register_first("before-send", self._answers)
            if service == "cloudformation":
                give_tokens(client.meta.events)
                give_role(client.meta.events, self._role)
            self._clients[service] = client
        return self._clients[service]

    def caller(self) -> Caller:
        """`ports.Identity`: the account behind the credentials."""
        return self._caller

    @property
    def account(self) -> str:
        """The account's twelve digits."""
        return self._caller.account

    @cached_property
    def _caller(self) -> Caller:
        with translated("find out whose credentials these are"):
            identity = self.client("sts").get_caller_identity()
        return Caller(account=identity["Account"], arn=identity["Arn"], region=self.region)

    def reachable(self, url: str) -> str:
        """The URL of an API or of a function as this machine can call it.

        CloudFormation reports AWS's host name for it. If calls go to another endpoint, that host does
        not exist; the embedded cloud serves the same API or function below a path of its endpoint.
        """
        host = urlsplit(url).hostname or ""
        for service, part in (("apigateway", "execute-api"), ("lambda", "lambda-url")):
            id_, _, rest = host.partition(f".{part}.")
            endpoint = self.endpoint_of(service) if rest else None
            if endpoint is not None:
                return f"{endpoint.rstrip('/')}/_aws/{part}/{id_}{urlsplit(url).path}"
        return url

    @cached_property
    def sdk(self) -> Sdk:
        """The SDK's session itself, for clients that are created in their own way.

        It is botocore's, whose clients boto3 hands out: without boto3's resources and transfers, of which nothing here
        makes use, a command starts 50 ms sooner.
        """
        from botocore.session import Session as Sdk

        with translated("read the AWS configuration"):
            if self._endpoint:
                session = Sdk(session_vars=NO_CONFIGURATION)
                session.set_credentials(*self._key)
            else:
                from accountsctl.adapters.aws.assumed_roles import core_session

                session = core_session(self._profile)
                session.get_scoped_config()  # says now that a profile does not exist
            session.set_config_variable("region", self.region)
            paths = session.get_component("data_loader").search_paths
            loader = ServiceLoader(extra_search_paths=paths, include_default_search_paths=False)
            session.register_component("data_loader", loader)
        return session
