"""Amplify's names for its root, as our root spells them."""

from __future__ import annotations

import pytest

from accountsctl.synth.root_references import with_our_names


@pytest.mark.parametrize(
    ("written", "ours"),
    [
        ({"Ref": "AuthRoleName"}, {"Ref": "AuthRole"}),
        ({"Fn::Sub": "${DeploymentBucketName}/x"}, {"Fn::Sub": "${DeploymentBucket}/x"}),
        (
            {"Fn::Sub": ["${UnauthRoleName}-${A}", {"A": {"Ref": "AuthRoleName"}}]},
            {"Fn::Sub": ["${UnauthRole}-${A}", {"A": {"Ref": "AuthRole"}}]},
        ),
        # Outside of Fn::Sub this is text, which belongs to whoever wrote it.
        ({"Fn::Join": ["", ["${AuthRoleName}"]]}, {"Fn::Join": ["", ["${AuthRoleName}"]]}),
    ],
)
def test_only_references_are_renamed(written: object, ours: object) -> None:
    assert with_our_names(written) == ours
