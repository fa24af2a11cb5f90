"""A project whose one API brings a template of the zoo."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from accountsctl.adapters.project_files.workspace import FileWorkspace

TEMPLATE = "amplify/backend/api/zoo/template.json"
POOL_ARN = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Zoo000000"
BACKEND: dict[str, Any] = {
    "auth": {
        "users": {
            "service": "Cognito",
            "serviceType": "imported",
            "providerPlugin": "accountsctl",
            "dependsOn": [],
        }
    },
    "api": {
        "zoo": {
            "service": "API Gateway",
            "providerPlugin": "accountsctl",
            "dependsOn": [{"category": "auth", "resourceName": "users", "attributes": ["UserPoolArn"]}],
        }
    },
}


def project(root: Path, body: Mapping[str, Any], pool: str) -> FileWorkspace:
    """Write the project, with `dev` checked out; `pool` is the imported pool's ARN."""
    return project_of_apis(root, {"zoo": body}, pool)


def project_of_apis(
    root: Path, bodies: Mapping[str, Mapping[str, Any]], pool: str = POOL_ARN
) -> FileWorkspace:
    """The same, with an API for each of some templates, by its name."""
    pool_id = pool.rpartition("/")[2]
    ids = {"UserPoolId": pool_id, "AppClientID": "client0000", "AppClientIDWeb": "client0000"}
    environment = {
        "cloud": "local",
        "region": "eu-west-1",
        "stackName": "amplify-zoo-dev",
        "accountId": pool.split(":")[4],
        "imported": {"auth": {"users": ids}},
    }
    files: dict[str, Any] = {
        "backend-config.json": {**BACKEND, "api": dict.fromkeys(bodies, BACKEND["api"]["zoo"])},
        "amplify/.config/project-config.json": {"projectName": "zoo", "version": "3.1"},
        "amplify/.config/local-env-info.json": {"envName": "dev"},
        "amplify/environments/dev.json": environment,
        **{TEMPLATE.replace("zoo", name): body for name, body in bodies.items()},
    }
    for name, value in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value, indent=2) + "\n")
    return FileWorkspace(root)
