"""Pools, buckets and tables that another stack owns: the ids that an environment states for them, checked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from accountsctl.formats.layout import environment_file
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import Fault
from accountsctl.synth.faulty import Faulty
from accountsctl.synth.inputs import Inputs

REGION = r"[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}"
"""``eu-west-1``, ``us-gov-west-1``, ``eusc-de-east-1``."""
SHAPES = {
    "UserPoolId": re.compile(REGION + r"_[A-Za-z0-9]+"),
    "AppClientID": re.compile(r"[A-Za-z0-9]{1,128}"),
    "AppClientIDWeb": re.compile(r"[A-Za-z0-9]{1,128}"),
    "IdentityPoolId": re.compile(REGION + r":[0-9a-f-]{36}"),
}
NAMES = ("UserPoolName", "IdentityPoolName", "HostedUIDomain")
"""What Amplify's import states beyond the ids; any text will do."""


def imported_ids(inputs: Inputs) -> Mapping[str, str]:
    """The ids of an imported pool in this environment. Faulty if they are missing or malformed."""
    environment = inputs.project.environment
    ids = environment.imported_ids(inputs.resource.id)
    file = environment_file(environment.name)
    if "UserPoolId" not in ids:
        raise Faulty(
            Fault(
                file,
                0,
                f'{inputs.resource.id} is imported, but this environment has no "UserPoolId" for it.',
                f"Run: accountsctl import auth -e {environment.name}",
            )
        )
    malformed = [
        Fault(
            file,
            0,
            f"{inputs.resource.id}: {ids[key]!r} is not a valid {key}.",
            "Copy it from the Cognito console.",
        )
        for key, shape in SHAPES.items()
        if key in ids and not (isinstance(ids[key], str) and shape.fullmatch(ids[key]))
    ]
    if malformed:
        raise Faulty(*malformed)
    pool_region = str(ids["UserPoolId"]).partition("_")[0]
    if pool_region != environment.region:
        raise Faulty(
            Fault(
                file,
                0,
                f"{inputs.resource.id}: the pool is in {pool_region}, the environment in {environment.region}.",
                "An API's authorizer can only use a pool of its own region.",
            )
        )
    return {key: str(ids[key]) for key in (*SHAPES, *NAMES) if key in ids}


def imported_storage(inputs: Inputs) -> Mapping[str, str]:
    """The names of an imported bucket or table in this environment, as outputs. Faulty if they are missing."""
    environment = inputs.project.environment
    ids = environment.imported_ids(inputs.resource.id)
    needed = "BucketName" if inputs.resource.service == "S3" else "Name"
    if needed not in ids:
        resource = inputs.resource.id
        place = json.dumps({"imported": {resource.category: {resource.name: {needed: "..."}}}})
        what = f'{inputs.resource.id} is imported, but this environment has no "{needed}" for it.'
        hint = f"State it in the environment's file: {place}"
        if environment.cloud is Cloud.LOCAL:
            hint = f"Leave it out of this environment (--omit {inputs.resource.id}), or state it: {place}"
        raise Faulty(Fault(environment_file(environment.name), 0, what, hint))
    return {key: str(value) for key, value in ids.items()}
