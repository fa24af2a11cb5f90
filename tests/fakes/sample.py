"""A small project as text, for tests that need one on disk, and as values, for those that need none."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from accountsctl.formats import backend_config as backend_file
from accountsctl.formats import environment_config as environment_file
from accountsctl.model.assembly import Assembly, Child, Template
from accountsctl.model.backend import Backend
from accountsctl.model.environment import Environment
from accountsctl.model.names import ResourceId

BACKEND = """{
  "rds": {
    "cluster": {"service": "RDSCluster", "providerPlugin": "awscloudformation", "dependsOn": []}
  },
  "function": {
    "work": {
      "service": "Lambda",
      "dependsOn": [{"category": "rds", "resourceName": "cluster", "attributes": ["Arn", "SecretArn"]}]
    }
  }
}
"""
FILES = {
    "backend-config.json": BACKEND,
    "amplify/.config/project-config.json": '{"projectName": "sample"}\n',
    "amplify/environments/dev.json": '{"cloud": "local", "region": "eu-central-1", "stackName": "sample-dev"}\n',
    "amplify/environments/prod.json": '{"cloud": "aws", "region": "eu-central-1", "stackName": "sample-prod"}\n',
    "amplify/backend/rds/cluster/parameters.json": '{"DBUsername": "owner"}\n',
    "amplify/backend/rds/cluster/schema/001_first.sql": "CREATE TABLE first (id int);\n",
    "amplify/backend/function/work/src/index.py": "def handler(event, context):\n    return event\n",
}
CLUSTER = ResourceId("rds", "cluster")
WORK = ResourceId("function", "work")


def write(root: Path, files: dict[str, str] | None = None) -> Path:
    """The sample as files below `root`, with `files` over it."""
    for name, text in {**FILES, **(files or {})}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    return root


def backend() -> Backend:
    """The sample's backend."""
    found, faults = backend_file.parse(BACKEND, "backend-config.json")
    assert not faults
    return found


def environment(name: str) -> Environment:
    """One of the sample's two environments."""
    found, _ = environment_file.parse(FILES[f"amplify/environments/{name}.json"], "", name)
    assert found is not None
    return found


def assembly(
    name: str, *, marker: str = "one", resources: tuple[ResourceId, ...] = (CLUSTER, WORK)
) -> Assembly:
    """An assembly whose templates say `marker`, for what only stores them."""
    children = tuple(
        Child(resource, _template(resource.id, marker)) for resource in backend() if resource.id in resources
    )
    return Assembly(environment(name), "sample", _template(None, marker), _template(None, "seed"), children)


def _template(resource: ResourceId | None, marker: str) -> Template:
    body = {"Description": f"{resource or 'root'} {marker}"}
    text = json.dumps(body)
    return Template(resource, "test", text, hashlib.sha256(text.encode()).hexdigest(), body)
