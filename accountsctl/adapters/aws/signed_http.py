"""Requests to methods with AWS_IAM authorization, signed with the environment's credentials.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
"""

from __future__ import annotations

from collections.abc import Mapping

from accountsctl.adapters.aws.errors import translated
from accountsctl.adapters.aws.session import Session
from accountsctl.adapters.http import wire_url
from accountsctl.model.errors import CloudError
from accountsctl.ports.http import Http, HttpAnswer

SERVICE = "execute-api"
LAMBDA = "lambda"
"""The service that requests to function URLs are signed for: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"""


class SignedHttp:
    """`ports.Http` that adds a Signature Version 4 for a service to each request; `http` sends it."""

    def __init__(self, session: Session, http: Http, service: str = SERVICE) -> None:
        self._session = session
        self._http = http
        self._service = service

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        """One signed request; CloudError if there are no credentials, or no response at all."""
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest

        with translated("find credentials to sign the request with"):
            credentials = self._session.sdk.get_credentials()
        if credentials is None:
            raise CloudError(
                "There are no AWS credentials to sign the request with.",
                hint="Name a profile with --profile, or sign in: aws login",
            )
        request = AWSRequest(method=method, url=wire_url(url), headers=dict(headers), data=body)
        SigV4Auth(credentials.get_frozen_credentials(), self._service, self._session.region).add_auth(request)
        return self._http.send(method, url, dict(request.headers.items()), body)
