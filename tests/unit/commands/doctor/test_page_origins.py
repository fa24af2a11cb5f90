"""From which origins `doctor cors` checks an environment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.commands.doctor.cors import page_origins
from accountsctl.model.environment import Cloud

SAMPLE = Path(__file__).parents[4]
HERE = "http://localhost:4200"


@pytest.mark.parametrize(
    ("cloud", "allowed", "origins"),
    [
        (Cloud.AWS, ["https://a"], ("https://a",)),
        (Cloud.AWS, ["*"], (HERE,)),
        (Cloud.LOCAL, ["https://a"], ("https://a", HERE)),
        (Cloud.LOCAL, ["https://a", HERE], ("https://a", HERE)),
        (Cloud.AWS, [], ()),
    ],
)
def test_localhost_counts_only_if_the_environment_is_local_or_open_to_all(
    cloud: Cloud, allowed: list[str], origins: tuple[str, ...]
) -> None:
    project = FileProjects(SAMPLE).read("dev").project
    overlay = {"api": {"accountsAPI": {"cors": {"allowOrigins": allowed}}}}
    environment = replace(project.environment, cloud=cloud, parameters=overlay)
    assert page_origins(replace(project, environment=environment)) == origins
