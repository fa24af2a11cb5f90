"""One pushed project for all tests that only need an API that answers, and its page in a browser."""

from __future__ import annotations

import itertools
import json
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.accounts_page import ACCOUNTS, TREE, fill
from tests.local.browser import Browser, chromium, read_user
from tests.local.deployed_api import Api, wait
from tests.local.project import COMMAND, LocalProject, copy_sample, unthrottle

ServiceClients = Callable[[str], Any]
"""A boto3 client of the named service; which client class that is depends on the name."""

REGION = "eu-west-1"
NUMBERS = itertools.count()
DEPLOYED: list[tuple[Any, str]] = []
"""The stacks of the session's cloud that the tests of the module which runs have deployed, with a client for each."""
POOL = {
    "userPoolId": "eu-west-1_Imported1",
    "userPoolName": "mfeaccounts",
    "clientId": "1example23456789nativeapp",
    "webClientId": "1example23456789webclient",
    "identityPoolId": "eu-west-1:11111111-2222-3333-4444-555555555555",
}


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProject]:
    """The sample, pushed to an embedded cloud of its own, with its table. Tests leave it answering."""
    project = copy_sample(tmp_path_factory.mktemp("deployed") / "accounts")
    unthrottle(project)
    project.run("push")
    project.run("db", "init")
    yield project
    project.run("local", "stop")


@pytest.fixture(scope="module")
def tab() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture(scope="module")
def served(deployed: LocalProject) -> Iterator[str]:
    """The URL that `accountsctl ui` prints."""
    command = [str(COMMAND), "ui", "--no-open", "--port", "0"]
    with subprocess.Popen(
        command, cwd=deployed.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        yield run.stdout.readline().strip()
        run.terminate()


@pytest.fixture
def page(tab: Browser, served: str, deployed: LocalProject) -> Browser:
    """The sign-in form, as a new visitor meets it; the table holds ACCOUNTS."""
    fill(deployed, ACCOUNTS)
    tab.open(served)
    tab.screen.reset()
    tab.open(served)
    tab.see("Sign in")
    return tab


@pytest.fixture
def tree(page: Browser, deployed: LocalProject) -> Browser:
    """The tree, signed in."""
    page.sign_in(read_user(deployed.root))
    page.until(page.rows)
    page.until(lambda: page.rows() == TREE)
    return page


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloudClient]:
    """One embedded cloud, a real process. Tests leave it running and usable."""
    running = LocalCloudClient(tmp_path_factory.mktemp("project") / "amplify" / ".local")
    running.ensure_pool(REGION, POOL)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def client(cloud: LocalCloudClient) -> ServiceClients:
    return service_clients(cloud)


def service_clients(cloud: LocalCloudClient) -> ServiceClients:
    """Gives a boto3 client of a service on a running cloud, wherever it listens now."""
    session: Any = boto3.Session(*cloud.credentials(), region_name=REGION)
    once = Config(retries={"total_max_attempts": 1})
    return lambda service: session.client(service, endpoint_url=cloud.start().url, config=once)


@pytest.fixture(scope="module", autouse=True)
def deleted_stacks() -> Iterator[None]:
    """What the tests of a module deployed goes with them: every write costs more, the more a cloud holds."""
    yield
    while DEPLOYED:
        formation, name = DEPLOYED.pop()
        formation.delete_stack(StackName=name)


@pytest.fixture(scope="session")
def deploy(cloud: LocalCloudClient, client: ServiceClients) -> Callable[..., Api]:
    """Creates a stack of a template, or updates that of an API, and gives its API."""

    def make(template: dict[str, Any], known: Api | None = None) -> Api:
        formation = client("cloudformation")
        name = known.stack if known else f"deployed-{next(NUMBERS)}"
        if not known:
            DEPLOYED.append((formation, name))
        send = formation.update_stack if known else formation.create_stack
        send(StackName=name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"])
        wait(formation, "update" if known else "create", name)
        outputs = formation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
        return Api(
            cloud.start().url, name, {output["OutputKey"]: output["OutputValue"] for output in outputs}
        )

    return make


@pytest.fixture
def pool() -> dict[str, str]:
    return POOL


@pytest.fixture
def demo(cloud: LocalCloudClient) -> tuple[str, str]:
    return cloud.demo_user()
