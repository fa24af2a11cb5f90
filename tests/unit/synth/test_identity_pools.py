"""Who attaches the roles of an identity pool: its own stack in a root that Amplify made, the root in ours."""

from __future__ import annotations

from typing import Any

from accountsctl.synth.identity_pools import with_attachment, without_attachment

ROOT: dict[str, Any] = {
    "Resources": {name: {"Type": "AWS::IAM::Role"} for name in ("AuthRole", "UnauthRole")}
}
POOL: dict[str, Any] = {
    "Resources": {"IdentityPool": {"Type": "AWS::Cognito::IdentityPool"}},
    "Outputs": {"IdentityPoolId": {"Value": {"Ref": "IdentityPool"}}},
}


def test_a_pool_in_an_adopted_root_attaches_the_roots_roles() -> None:
    body = with_attachment(POOL, ROOT)
    assert body["Resources"]["IdentityPoolRoleMap"]["Properties"] == {
        "IdentityPoolId": {"Ref": "IdentityPool"},
        "Roles": {"authenticated": {"Ref": "authRoleArn"}, "unauthenticated": {"Ref": "unauthRoleArn"}},
    }
    assert body["Parameters"].keys() == {"authRoleArn", "unauthRoleArn"}
    assert with_attachment(body, ROOT) == body  # it has its attachment
    assert with_attachment(POOL, {"Resources": {}}) == POOL  # there are no roles
    assert with_attachment({"Resources": {}}, ROOT) == {"Resources": {}}  # there is no pool


def test_a_pool_in_our_root_leaves_the_attachment_to_it() -> None:
    assert without_attachment(with_attachment(POOL, ROOT)) == {**POOL, "Parameters": {}}
