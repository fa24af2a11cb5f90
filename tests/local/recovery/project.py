"""A small project: a database, and a setting that names it. Its versions are what is pushed after one another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.model.assembly import Assembly
from accountsctl.synth import assemble

STACK = "shop-dev"
CLUSTER = "shop-db"
STORE, SITE = "customstore", "customsite"
"""The logical ids of the two nested stacks."""

Resources = Mapping[str, Mapping[str, Any]]


class SmallProject:
    """The project's files. `version` renders one version of it."""

    def __init__(self, root: Path, *, protected: bool = False) -> None:
        self.root = root
        self.projects = FileProjects(root)
        self._write("amplify/.config/project-config.json", {"projectName": "shop", "version": "1"})
        environment = {"cloud": "aws", "region": "eu-west-1", "stackName": STACK, "protected": protected}
        self._write("amplify/environments/dev.json", environment)
        depends = [{"category": "custom", "resourceName": "store", "attributes": ["Name"]}]
        custom = {
            "store": {"service": "Custom", "dependsOn": []},
            "site": {"service": "Custom", "dependsOn": depends},
        }
        self._write("backend-config.json", {"custom": custom})

    def version(
        self,
        setting: str = "one",
        *,
        more: Resources | None = None,
        store: Resources | None = None,
        **cluster: Any,
    ) -> Assembly:
        """The project with this value in its setting; `more` are resources of the site, `store` those of the store
        that come before the cluster, `cluster` properties of the cluster."""
        self._write_store(cluster, store or {})
        value = {"Fn::Join": [" ", [setting, {"Ref": f"{STORE}Name"}]]}
        parameter = {"Name": "/shop/setting", "Type": "String", "Value": value}
        self._write(
            "amplify/backend/custom/site/template.json",
            {
                "Parameters": {f"{STORE}Name": {"Type": "String"}},
                "Resources": {
                    "Setting": {"Type": "AWS::SSM::Parameter", "Properties": parameter},
                    **(more or {}),
                },
                "Outputs": {"Name": {"Value": {"Ref": "Setting"}}},
            },
        )
        return assemble(self.projects.read("dev"), date(2026, 11, 28))

    def _write_store(self, cluster: Mapping[str, Any], more: Resources) -> None:
        database = {
            "Type": "AWS::RDS::DBCluster",
            "DependsOn": list(more),
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Snapshot",
            "Properties": {
                "DBClusterIdentifier": CLUSTER,
                "Engine": "aurora-postgresql",
                "MasterUsername": "dbadmin",
                "ManageMasterUserPassword": True,
                **cluster,
            },
        }
        template = {
            "Resources": {"Cluster": database, **more},
            "Outputs": {"Name": {"Value": {"Ref": "Cluster"}}},
        }
        self._write("amplify/backend/custom/store/template.json", template)

    def _write(self, file: str, content: Mapping[str, Any]) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
