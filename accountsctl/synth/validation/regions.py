"""What a region does not have. Only for environments on AWS: the embedded cloud has everything everywhere.

Sources: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.Aurora_Fea_Regions_DB-eng.Feature.Data_API.html
and https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html (November 2026).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from accountsctl.formats.json_reader import read
from accountsctl.formats.layout import environment_file
from accountsctl.model.assembly import Child
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import Fault
from accountsctl.model.project import Project
from accountsctl.synth.inputs import Inputs
from accountsctl.synth.kinds import ResourceKind

WITHOUT_DATA_API = frozenset(
    {
        "ap-east-2",
        "ap-south-2",
        "ap-southeast-4",
        "ap-southeast-6",
        "ca-west-1",
        "eu-central-2",
        "il-central-1",
    }
    | {"mx-central-1", "cn-north-1", "cn-northwest-1", "us-gov-east-1", "us-gov-west-1"}
)
ZONES = {"us-east-1": 6, "us-west-2": 4, "ap-northeast-2": 4, "us-west-1": 2}
"""Zones that a new account sees, where that is not three."""
USUAL_ZONES = 3


def missing_data_api(project: Project, children: Iterable[Child]) -> Iterator[Fault]:
    """Clusters with the Data API in a region that does not have it."""
    environment = project.environment
    if environment.cloud is not Cloud.AWS or environment.region not in WITHOUT_DATA_API:
        return
    file = environment_file(environment.name)
    text = project.texts.get(file)
    line = read(text, file).line_of("region") if text else 0
    for child in children:
        if any(_uses_data_api(resource) for resource in child.template.body.get("Resources", {}).values()):
            what = f"{child.id} uses the RDS Data API, which {environment.region} does not have."
            yield Fault(file, line, what, "Choose a region that has it.", str(child.id), "region")


def too_few_zones(inputs: Inputs) -> Iterator[Fault]:
    """A database in more availability zones than its region has."""
    environment = inputs.project.environment
    if inputs.kind is not ResourceKind.RDS or environment.cloud is not Cloud.AWS:
        return
    wanted, present = (
        inputs.parameters.get("AvailabilityZones", 2),
        ZONES.get(environment.region, USUAL_ZONES),
    )
    if isinstance(wanted, int) and wanted > present:
        what = f'"AvailabilityZones" is {wanted}, and {environment.region} has {present}.'
        yield inputs.fault("AvailabilityZones", what, f"Use {present} or fewer.")


def _uses_data_api(resource: Mapping[str, object]) -> bool:
    properties = resource.get("Properties")
    return (
        resource.get("Type") == "AWS::RDS::DBCluster"
        and isinstance(properties, Mapping)
        and properties.get("EnableHttpEndpoint") in (True, "true")
    )
