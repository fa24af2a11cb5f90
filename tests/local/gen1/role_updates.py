"""What Amplify adds to its root where there is an identity pool: a custom resource that lets the roles trust it.

The roles and the identity pool are in different stacks that would wait for each other, so a function with its code in
the template changes the roles' trust once the pool exists (``update-idp-roles-cfn.json`` of its CLI). Amplify's is
written for Node and an SDK that is not part of the runtime any more; this one does the same with boto3.
"""

from __future__ import annotations

from tests.local.gen1.templates import Json, attribute, ref

CODE = """\
import boto3, cfnresponse, json

def trust(pool, users):
    condition = {
        "StringEquals": {"cognito-identity.amazonaws.com:aud": pool},
        "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": users},
    }
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

def handler(event, context):
    given = event["ResourceProperties"]
    if event["RequestType"] != "Delete":
        iam = boto3.client("iam")
        for role, users in (("authRoleName", "authenticated"), ("unauthRoleName", "unauthenticated")):
            iam.update_assume_role_policy(RoleName=given[role], PolicyDocument=trust(given["idpId"], users))
    cfnresponse.send(event, context, cfnresponse.SUCCESS, {})
"""


def role_updates(trust: Json) -> Json:
    """The function, its role and the custom resource; `trust` is the trust policy of a function's role."""
    allowed = {
        "Effect": "Allow",
        "Action": ["iam:UpdateAssumeRolePolicy", "iam:GetRole"],
        "Resource": [{"Fn::GetAtt": [role, "Arn"]} for role in ("AuthRole", "UnauthRole")],
    }
    policy = {
        "PolicyName": "UpdateRolesWithIDPFunctionPolicy",
        "PolicyDocument": {**trust, "Statement": [allowed]},
    }
    name = {"Fn::Join": ["", [ref("AuthRole"), "-idp"]]}
    return {
        "UpdateRolesWithIDPFunctionRole": {
            "Type": "AWS::IAM::Role",
            "Properties": {"RoleName": name, "AssumeRolePolicyDocument": trust, "Policies": [policy]},
        },
        "UpdateRolesWithIDPFunction": {
            "Type": "AWS::Lambda::Function",
            "DependsOn": ["AuthRole", "UnauthRole"],
            "Properties": {
                "Code": {"ZipFile": CODE},
                "Handler": "index.handler",
                "Runtime": "python3.13",
                "Timeout": 60,
                "Role": {"Fn::GetAtt": ["UpdateRolesWithIDPFunctionRole", "Arn"]},
            },
        },
        "UpdateRolesWithIDPFunctionOutputs": {
            "Type": "Custom::LambdaCallout",
            "Properties": {
                "ServiceToken": {"Fn::GetAtt": ["UpdateRolesWithIDPFunction", "Arn"]},
                "region": ref("AWS::Region"),
                "idpId": attribute("authusers", "IdentityPoolId"),
                "authRoleName": ref("AuthRole"),
                "unauthRoleName": ref("UnauthRole"),
            },
        },
    }
