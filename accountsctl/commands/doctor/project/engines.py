"""Databases of a kind that AWS no longer offers, or supports only as Extended Support, which costs extra.

Sources: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/aurora-serverless.create.html
and https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/extended-support.html
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from accountsctl.commands.doctor.project.resources import EvaluatedProject, RenderedResource
from accountsctl.model.health import Check, Outcome
from accountsctl.synth.validation.engines import (
    NO_EXTENDED_SUPPORT,
    REPLACEMENTS,
    SERVERLESS_V2,
    ended_engine,
)

CLUSTER = "AWS::RDS::DBCluster"
SERVERLESS_V1_ENDED = date(2025, 3, 31)


def ended_databases(project: EvaluatedProject, today: date) -> Iterator[Check]:
    """A finding for each cluster of Serverless v1, and for each version whose standard support has ended."""
    for cluster in project.of_type(CLUSTER):
        if cluster.text("EngineMode") == "serverless":
            yield _serverless_v1(project, cluster)
        engine, version = cluster.text("Engine"), str(cluster.properties.get("EngineVersion", ""))
        ended = ended_engine(engine, version, today)
        # With Extended Support switched off it is a fault of the project: AWS refuses to create it.
        if ended and cluster.text("EngineLifecycleSupport") != NO_EXTENDED_SUPPORT:
            message = (
                f"{cluster.child.id}: the standard support of {engine} {version} ended on {ended}; AWS charges for "
                "Extended Support, as long as it offers that."
            )
            cure = f'Use EngineVersion "{REPLACEMENTS[engine]}".'
            yield project.check("database", Outcome.FINDING, (cluster, "EngineVersion"), message, cure)


def _serverless_v1(project: EvaluatedProject, cluster: RenderedResource) -> Check:
    message = (
        f"{cluster.child.id}: EngineMode serverless is Aurora Serverless v1, which AWS ended on "
        f"{SERVERLESS_V1_ENDED}: it cannot be created any more."
    )
    return project.check("database", Outcome.FINDING, (cluster, "EngineMode"), message, SERVERLESS_V2)
