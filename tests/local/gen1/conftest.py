"""A backend that Amplify deployed to the embedded cloud, and checkouts of its project."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.conftest import ServiceClients, service_clients
from tests.local.gen1 import deployed_backend as amplify
from tests.local.project import Done, LocalProject

CODE = "amplify/backend/function/orders/src/index.js"


@dataclass(frozen=True)
class Shop:
    """The project of a deployed backend. Commands reach its cloud as they would reach AWS."""

    project: LocalProject
    deployed: amplify.Deployed
    cloud: LocalCloudClient

    def run(self, *words: str, expect: int = 0) -> Done:
        key, secret = self.cloud.credentials()
        return self.project.run(
            *words,
            expect=expect,
            AWS_ENDPOINT_URL=self.cloud.start().url,
            AWS_ACCESS_KEY_ID=key,
            AWS_SECRET_ACCESS_KEY=secret,
        )

    def write_code(self, version: int) -> None:
        (self.project.root / CODE).write_text(amplify.HANDLER.replace("version: 1", f"version: {version}"))

    def responds(self) -> object:
        url = self.run("outputs", "api/shopapi", "RootUrl").out.strip()
        with urllib.request.urlopen(f"{url}/orders", timeout=30) as response:
            return json.loads(response.read())

    def amplifys_files(self) -> dict[str, bytes]:
        ours = ("amplify/environments", "amplify/adopted", "amplify/build", ".gitignore")
        root = self.project.root
        files = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        return {path: content for path, content in files.items() if not path.startswith(ours)}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloudClient]:
    """An embedded cloud for the tests of one module: they change the one stack that Amplify deployed."""
    running = LocalCloudClient(tmp_path_factory.mktemp("aws") / "amplify" / ".local")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def client(cloud: LocalCloudClient) -> ServiceClients:
    return service_clients(cloud)


@pytest.fixture(scope="module")
def deployed(client: ServiceClients) -> amplify.Deployed:
    return amplify.deploy(client)


@pytest.fixture
def shop(tmp_path: Path, deployed: amplify.Deployed, cloud: LocalCloudClient) -> Shop:
    """A fresh checkout of the project, initialised. The stack is as Amplify, or the last test, left it."""
    amplify.write_project(tmp_path, deployed.stack_id)
    made = Shop(LocalProject(tmp_path), deployed, cloud)
    made.run("init")
    return made
