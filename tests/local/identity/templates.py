"""Templates of user pools and identity pools as `amplify build` leaves them, before an API that wants signatures."""

from __future__ import annotations

from typing import Any

from tests.local.apigateway.deployed.templates import api, att, proxy, ref, sub

ECHO = """
import json
def handler(event, context):
    return {"statusCode": 200, "body": json.dumps(event["requestContext"]["identity"])}
"""


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def role(kind: str, paths: str, aud: Any = None) -> dict[str, Any]:
    """A role of the identity pool for one kind of identity, which may call `paths` of the API."""
    conditions = {
        "StringEquals": {"cognito-identity.amazonaws.com:aud": aud or ref("IdentityPool")},
        "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": kind},
    }
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": conditions,
    }
    allowed = sub("arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/dev/" + paths)
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": allowed}
    policy = {"PolicyName": "calls", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
    document = {"Version": "2012-10-17", "Statement": [trust]}
    return resource("IAM::Role", AssumeRolePolicyDocument=document, Policies=[policy])


def user_pool(**more: Any) -> dict[str, Any]:
    """A pool with a client that signs in by password, and a group with a role of its own."""
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    return {
        "UserPool": resource("Cognito::UserPool", UserPoolName="users", **more),
        "Client": resource("Cognito::UserPoolClient", UserPoolId=ref("UserPool"), ExplicitAuthFlows=flows),
        "Group": resource(
            "Cognito::UserPoolGroup",
            UserPoolId=ref("UserPool"),
            GroupName="admins",
            Precedence=1,
            RoleArn=att("GroupRole", "Arn"),
        ),
    }


PROVIDER = sub("cognito-idp.${AWS::Region}.amazonaws.com/${UserPool}")


def identities(*, guests: bool = True, aud: Any = None, **attachment: Any) -> dict[str, Any]:
    """An API with GET /public, /private and /admin, and an identity pool whose roles may call one or two each."""
    provider = {"ClientId": ref("Client"), "ProviderName": PROVIDER}
    pool = resource(
        "Cognito::IdentityPool",
        IdentityPoolName="identities",
        AllowUnauthenticatedIdentities=guests,
        CognitoIdentityProviders=[provider],
    )
    roles = {"authenticated": att("AuthRole", "Arn"), "unauthenticated": att("UnauthRole", "Arn")}
    by_groups = {
        "IdentityProvider": sub("cognito-idp.${AWS::Region}.amazonaws.com/${UserPool}:${Client}"),
        "Type": "Token",
        "AmbiguousRoleResolution": "AuthenticatedRole",
    }
    made = {
        **user_pool(),
        "IdentityPool": pool,
        "AuthRole": role("authenticated", "GET/private", aud),
        "UnauthRole": role("unauthenticated", "GET/public", aud),
        "GroupRole": role("authenticated", "*"),
        "Attachment": resource(
            "Cognito::IdentityPoolRoleAttachment",
            **{
                "IdentityPoolId": ref("IdentityPool"),
                "Roles": roles,
                "RoleMappings": {"clients": by_groups},
                **attachment,
            },
        ),
    }
    methods = {f"GET /{path}": proxy(AuthorizationType="AWS_IAM") for path in ("public", "private", "admin")}
    template = api(methods, made)
    template["Resources"]["Function"]["Properties"]["Code"] = {"ZipFile": ECHO}
    template["Outputs"] |= {name: {"Value": ref(name)} for name in ("UserPool", "Client", "IdentityPool")}
    return template
