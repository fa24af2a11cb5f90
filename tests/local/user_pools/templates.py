"""A user pool whose triggers are all one function, which keeps what it was sent in a parameter."""

from __future__ import annotations

import json
from typing import Any

from tests.local.apigateway.deployed.templates import TRUST, allowing, att, function, ref
from tests.local.identity.templates import resource

TRIGGERS = (
    *("PreSignUp", "CustomMessage", "PostConfirmation", "PreAuthentication", "PostAuthentication"),
    *("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse"),
    *("PreTokenGeneration", "UserMigration"),
)
CODE = """
import boto3, json
ANSWERS = json.loads('''ANSWERS''')
def handler(event, context):
    ssm = boto3.client("ssm")
    name = context.function_name
    try:
        sent = json.loads(ssm.get_parameter(Name=name)["Parameter"]["Value"])
    except ssm.exceptions.ParameterNotFound:
        sent = []
    ssm.put_parameter(Name=name, Type="String", Overwrite=True, Value=json.dumps([*sent, event]))
    source, request = event["triggerSource"], event["request"]
    if "refused" in event["userName"] + request.get("userAttributes", {}).get("email", ""):
        raise ValueError("not today")
    if source.startswith("DefineAuth"):
        session = request["session"]
        right = bool(session) and session[-1]["challengeResult"]
        event["response"].update(issueTokens=right, failAuthentication=len(session) > 1 and not right,
                                 challengeName="CUSTOM_CHALLENGE")
    elif source.startswith("CreateAuth"):
        event["response"].update(publicChallengeParameters={"hint": "40+2"}, privateChallengeParameters={"sum": "42"})
    elif source.startswith("VerifyAuth"):
        answer = request["challengeAnswer"]
        event["response"]["answerCorrect"] = answer == request["privateChallengeParameters"]["sum"]
    elif source.startswith("UserMigration"):
        if request["password"] == "0ld-Passw0rd!":
            event["response"].update(userAttributes={"email": "old@example.com", "email_verified": "true"},
                                     finalUserStatus="CONFIRMED")
    event["response"].update(ANSWERS.get(source, {}))
    return event
"""
FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


def triggered(
    answers: dict[str, Any] | None = None, triggers: tuple[str, ...] = TRIGGERS, **config: Any
) -> dict[str, Any]:
    """A template; `answers`: what the function answers, by trigger source; `config` of the pool's LambdaConfig."""
    code = CODE.replace("ANSWERS'''", json.dumps(answers or {}).replace("\\", "\\\\") + "'''")
    functions = dict.fromkeys(triggers, att("Function", "Arn"))
    resources = {
        "Api": resource("ApiGateway::RestApi", Name="users"),
        "Role": resource(
            "IAM::Role",
            AssumeRolePolicyDocument=TRUST,
            Policies=[allowing("ssm:GetParameter", "ssm:PutParameter")],
        ),
        "Function": function(code, Timeout=20),
        "UserPool": resource(
            "Cognito::UserPool",
            UserPoolName="users",
            AutoVerifiedAttributes=["email"],
            LambdaConfig={**functions, **config},
        ),
        "Client": resource("Cognito::UserPoolClient", UserPoolId=ref("UserPool"), ExplicitAuthFlows=FLOWS),
        "Admins": resource("Cognito::UserPoolGroup", UserPoolId=ref("UserPool"), GroupName="admins"),
        "Permission": resource(
            "Lambda::Permission",
            FunctionName=ref("Function"),
            Action="lambda:InvokeFunction",
            Principal="cognito-idp.amazonaws.com",
            SourceArn=att("UserPool", "Arn"),
        ),
    }
    outputs = {name: {"Value": ref(name)} for name in ("Api", "UserPool", "Client", "Function")}
    return {"Resources": resources, "Outputs": outputs}
