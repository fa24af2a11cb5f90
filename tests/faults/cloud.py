"""An embedded cloud that serves faults: one stack each, with a user pool of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.credentials import Credentials

REGION = "eu-west-1"
USER, PASSWORD = "demo", "Correct-horse-1"
FLOWS = ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


@dataclass(frozen=True)
class Served:
    """A stack whose API answers."""

    api: str
    root: str


class FaultyCloud:
    """Deploys templates and signs in."""

    def __init__(self, endpoint: str, key: tuple[str, str]) -> None:
        self.endpoint, self.key = endpoint, key
        self._session = boto3.Session(*key, region_name=REGION)
        self.formation = self.client("cloudformation")
        users = self.client("cognito-idp")
        self.pool_arn, tokens = self._signed_in(users, "zoo")
        self.pool_id = self.pool_arn.rpartition("/")[2]
        self.other_pool_arn: str = users.create_user_pool(PoolName="other")["UserPool"]["Arn"]
        # A pool that is gone, and a token of it that has not expired.
        self.gone_pool_arn, of_gone = self._signed_in(users, "gone")
        users.delete_user_pool(UserPoolId=self.gone_pool_arn.rpartition("/")[2])
        self.tokens: Mapping[str, str] = {
            "id": tokens["IdToken"],
            "access": tokens["AccessToken"],
            "invalid": "a-token-of-another-kind",
            "gone": of_gone["IdToken"],
        }
        people = self.client("iam")
        people.create_user(UserName="nobody")
        made = people.create_access_key(UserName="nobody")["AccessKey"]
        # Someone whom no policy lets do anything.
        self.powerless = Credentials(made["AccessKeyId"], made["SecretAccessKey"])

    def _signed_in(self, users: Any, name: str) -> tuple[str, Mapping[str, str]]:
        """A new user pool's ARN, and the tokens of its one user."""
        pool = users.create_user_pool(PoolName=name)["UserPool"]
        made = users.create_user_pool_client(UserPoolId=pool["Id"], ClientName="web", ExplicitAuthFlows=FLOWS)
        users.admin_create_user(UserPoolId=pool["Id"], Username=USER, MessageAction="SUPPRESS")
        users.admin_set_user_password(UserPoolId=pool["Id"], Username=USER, Password=PASSWORD, Permanent=True)
        done = users.admin_initiate_auth(
            UserPoolId=pool["Id"],
            ClientId=made["UserPoolClient"]["ClientId"],
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": USER, "PASSWORD": PASSWORD},
        )
        return pool["Arn"], done["AuthenticationResult"]

    def client(self, service: str) -> Any:
        config = Config(retries={"total_max_attempts": 1}, read_timeout=120)
        make: Callable[..., Any] = (
            self._session.client
        )  # any service, where the stubs have an overload for each
        return make(service, endpoint_url=self.endpoint, config=config)

    def deploy(self, bodies: Mapping[str, Mapping[str, Any]]) -> dict[str, Served]:
        """Deploy templates as stacks of their names; AssertionError with the reason where one fails."""
        for name, body in bodies.items():
            self.formation.create_stack(
                StackName=name,
                TemplateBody=json.dumps(body),
                Parameters=[{"ParameterKey": "authusersUserPoolArn", "ParameterValue": self.pool_arn}],
                Capabilities=["CAPABILITY_IAM"],
            )
        with ThreadPoolExecutor(4) as pool:
            return dict(zip(bodies, pool.map(self._served, bodies), strict=True))

    def change(self, bodies: Mapping[str, Mapping[str, Any]]) -> None:
        """Update stacks. Where a Deployment stays the same, its stage goes on with what was deployed."""
        parameters = [{"ParameterKey": "authusersUserPoolArn", "UsePreviousValue": True}]
        for name, body in bodies.items():
            self.formation.update_stack(
                StackName=name,
                TemplateBody=json.dumps(body),
                Parameters=parameters,
                Capabilities=["CAPABILITY_IAM"],
            )
        waiter = self.formation.get_waiter("stack_update_complete")
        for name in bodies:
            waiter.wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 120})

    def _served(self, name: str) -> Served:
        waiter = self.formation.get_waiter("stack_create_complete")
        try:
            waiter.wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 120})
        except Exception as error:
            events = self.formation.describe_stack_events(StackName=name)["StackEvents"]
            why = [each.get("ResourceStatusReason") for each in events if "FAILED" in each["ResourceStatus"]]
            raise AssertionError(f"{name}: {why}") from error
        outputs = self.formation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
        api = next(each["OutputValue"] for each in outputs if each["OutputKey"] == "ApiId")
        return Served(api, f"{self.endpoint}/_aws/execute-api/{api}/dev")
