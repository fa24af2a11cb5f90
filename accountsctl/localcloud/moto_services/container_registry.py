"""ECR, of which there is one truth to state: it holds no repositories. Tools ask for theirs when they delete a service.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRepositories.html
"""

from __future__ import annotations

import json

from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.moto_services.calls import operation
from accountsctl.localcloud.moto_services.errors import not_imitated, refusal

SCOPE = "ecr"


def respond(request: Request) -> Response:
    """DescribeRepositories; everything else is refused, because nothing can be put there."""
    name = operation(request)
    if name != "DescribeRepositories":
        return not_imitated(
            SCOPE, f"{name or request.path} of ECR: functions from images are not run", request
        )
    try:
        named = (json.loads(request.body or b"{}") or {}).get("repositoryNames") or []
    except ValueError:
        return refusal(SCOPE, 400, "SerializationException", "The request is not valid JSON.")
    if named:
        message = f"The repository with name '{named[0]}' does not exist in the registry with id '{ACCOUNT}'"
        return refusal(SCOPE, 400, "RepositoryNotFoundException", message)
    headers = (("Content-Type", "application/x-amz-json-1.1"),)
    return Response(200, headers, json.dumps({"repositories": []}).encode())
