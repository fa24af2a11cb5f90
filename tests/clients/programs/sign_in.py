"""pycognito: a new password at the first sign-in by SRP, refresh, attributes, a wrong password."""

from __future__ import annotations

import json
import os
import urllib.request
from typing import Any

import boto3
from botocore.exceptions import ClientError
from pycognito import Cognito  # type: ignore[import-not-found]
from pycognito.exceptions import ForceChangePasswordException  # type: ignore[import-not-found]

idp: Any = boto3.client("cognito-idp")
pool = idp.create_user_pool(
    PoolName="pycognito", Schema=[{"Name": "team", "AttributeDataType": "String", "Mutable": True}]
)["UserPool"]["Id"]
flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
client = idp.create_user_pool_client(UserPoolId=pool, ClientName="c", ExplicitAuthFlows=flows)[
    "UserPoolClient"
]["ClientId"]
idp.admin_create_user(
    UserPoolId=pool, Username="ada", TemporaryPassword="Passing-1", MessageAction="SUPPRESS"
)

with urllib.request.urlopen(f"{os.environ['AWS_ENDPOINT_URL']}/{pool}/.well-known/jwks.json") as answer:
    os.environ["COGNITO_JWKS"] = repr(json.load(answer))  # otherwise pycognito gets them from AWS's own host
found: dict[str, object] = {}
user = Cognito(pool, client, username="ada")
try:
    user.authenticate(password="Passing-1")
except ForceChangePasswordException:
    found["first"] = "has to change the password"
user.new_password_challenge("Passing-1", "Lasting-22")
user = Cognito(pool, client, username="ada")
try:
    user.authenticate(password="Passing-1")
except ClientError as refused:
    found["wrong"] = refused.response["Error"]["Code"]
user.authenticate(password="Lasting-22")
before = user.access_token
user.renew_access_token()
found["renewed"] = before != user.access_token
user.update_profile({"custom:team": "accounts"})
found["team"] = user.get_user(attr_map={"custom:team": "team"}).team
found["verified"] = user.id_claims["cognito:username"]
user.change_password("Lasting-22", "Another-333")
refresh = user.refresh_token
user.logout()
user.refresh_token = refresh
try:
    user.renew_access_token()
except ClientError as refused:
    found["out"] = refused.response["Error"]["Code"]
print(json.dumps(found))
