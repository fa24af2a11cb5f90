"""Database engines whose standard support has ended. (Retired Lambda runtimes are found by cfn-lint.)

After the end of standard support a cluster can only be created with RDS Extended Support, which costs extra. A template
that switches that off, as ours does, is refused.
Sources: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/aurorapostgresql-release-calendar.html
and https://docs.aws.amazon.com/AmazonRDS/latest/AuroraMySQLReleaseNotes/AuroraMySQL.release-calendars.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from accountsctl.model.assembly import Child
from accountsctl.model.errors import Fault
from accountsctl.model.project import Project
from accountsctl.synth.inputs import Inputs
from accountsctl.synth.kinds import ResourceKind
from accountsctl.synth.validation.places import template_fault

END_OF_STANDARD_SUPPORT = {
    "aurora-postgresql": {
        "9": date(2022, 1, 31),
        "10": date(2023, 1, 31),
        "11": date(2024, 2, 29),
        "12": date(2025, 2, 28),
        "13": date(2026, 2, 28),
        "14": date(2027, 2, 28),
        "15": date(2028, 2, 29),
        "16": date(2029, 2, 28),
    },
    "aurora-mysql": {"5.6": date(2023, 2, 28), "5.7": date(2024, 10, 31), "8.0": date(2028, 4, 30)},
}
REPLACEMENTS = {"aurora-postgresql": "17", "aurora-mysql": "8.0"}
NO_EXTENDED_SUPPORT = "open-source-rds-extended-support-disabled"
SERVERLESS_V2 = (
    "Make it Serverless v2: remove EngineMode and ScalingConfiguration, add ServerlessV2ScalingConfiguration "
    "{MinCapacity: 0.5, MaxCapacity: 2} and an AWS::RDS::DBInstance of class db.serverless."
)
"""What to do with a cluster of Serverless v1, which AWS no longer creates."""


def ended_engine(engine: str, version: str, today: date) -> date | None:
    """The day on which standard support of a version's major ended; None if it has not, or is not known."""
    ends = END_OF_STANDARD_SUPPORT.get(engine, {})
    ended = next(
        (day for major, day in ends.items() if re.match(rf"{re.escape(major)}(\.|$)", version)), None
    )
    return ended if ended and ended <= today else None


def ended_parameters(inputs: Inputs, today: date) -> Iterator[Fault]:
    """The engine version in the parameters of a database of ours."""
    if inputs.kind is not ResourceKind.RDS:
        return
    version = str(inputs.parameters.get("EngineVersion", ""))
    if ended := ended_engine("aurora-postgresql", version, today):
        what = (
            f"the standard support of Aurora PostgreSQL {version} ended on {ended}, so it cannot be created."
        )
        yield inputs.fault("EngineVersion", what, f'Use "{REPLACEMENTS["aurora-postgresql"]}".')


def ended_in_templates(project: Project, children: Iterable[Child], today: date) -> Iterator[Fault]:
    """Engine versions in templates that a resource brings itself."""
    for child in children:
        source = project.sources.get(child.id)
        if source is None or source.template is None:
            continue
        for name, resource in child.template.body.get("Resources", {}).items():
            properties = resource.get("Properties")
            if isinstance(properties, Mapping):
                for key, what, hint in _ended(str(resource.get("Type")), properties, today):
                    yield template_fault(project, child, ("Resources", name, "Properties", key), what, hint)


def _ended(type_: str, properties: Mapping[str, object], today: date) -> Iterator[tuple[str, str, str]]:
    """The property, what is wrong with it, and what to use."""
    engine, version = properties.get("Engine"), properties.get("EngineVersion")
    if type_ == "AWS::RDS::DBCluster" and isinstance(engine, str):
        ended = ended_engine(engine, str(version), today)
        if ended and properties.get("EngineLifecycleSupport") == NO_EXTENDED_SUPPORT:
            what = f"The standard support of {engine} {version} ended on {ended}, so it cannot be created."
            yield "EngineVersion", what, f'Use "{REPLACEMENTS[engine]}".'
