"""A project whose one API brings a template of the zoo."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from accountsctl.adapters.project_files.workspace import FileWorkspace

TEMPLATE = "amplify/backend/api/zoo/template.json"
BACKEND = {
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
    pool_id = pool.rpartition("/")[2]
    ids = {"UserPoolId": pool_id, "AppClientID": "client0000", "AppClientIDWeb": "client0000"}
    environment = {
        "cloud": "local",
        "region": "eu-west-1",
        "stackName": "amplify-zoo-dev",
        "accountId": pool.split(":")[4],
        "imported": {"auth": {"users": ids}},
    }
    files = {
        "backend-config.json": BACKEND,
        "amplify/.config/project-config.json": {"projectName": "zoo", "version": "3.1"},
        "amplify/.config/local-env-info.json": {"envName": "dev"},
        "amplify/environments/dev.json": environment,
        TEMPLATE: body,
    }
    for name, value in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value, indent=2) + "\n")
    return FileWorkspace(root)
