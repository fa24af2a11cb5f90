"""Templates by URL: read from the embedded S3, in any of the forms that CloudFormation takes."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import ClientFactory

VIRTUAL_HOST = re.compile(r"(?P<bucket>.+?)\.s3(?:[.-](?:dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?")
MAX_BODY = 51_200
MAX_OBJECT = 1_000_000


def read_template(url: str, clients: ClientFactory, region: str) -> str:
    """The template at `url`; raises CloudFormationError where there is none."""
    parts = urlsplit(url)
    if parts.scheme == "s3" and parts.hostname:
        raise CloudFormationError(
            f"S3 error: Domain name specified in {parts.hostname} is not a valid S3 domain"
        )
    return read_part(url, clients, region)


def read_part(url: str, clients: ClientFactory, region: str) -> str:
    """The part of a template that AWS::Include names, by an URL or as s3://bucket/key."""
    bucket, key = location(url)
    try:
        body = clients("s3", region).get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        message = error.response["Error"].get("Message", "")
        raise CloudFormationError(
            f"S3 error: {message}\nFor more information check "
            "http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
        ) from error
    if len(body) > MAX_OBJECT:
        raise CloudFormationError(f"Template may not exceed {MAX_OBJECT} bytes in size.")
    try:
        return str(body.decode())
    except UnicodeDecodeError as error:
        raise CloudFormationError(f"Template format error: {key} is not text in UTF-8.") from error


def location(url: str) -> tuple[str, str]:
    """Bucket and key of a TemplateURL: virtual-hosted, path-style (any host), or s3://."""
    parts = urlsplit(url)
    path = unquote(parts.path).lstrip("/")
    host = parts.hostname or ""
    if parts.scheme == "s3" and host and path:
        return host, path
    if parts.scheme in ("http", "https"):
        virtual = VIRTUAL_HOST.fullmatch(host)
        if virtual and path:
            return virtual["bucket"], path
        bucket, _, key = path.partition("/")
        if bucket and key:
            return bucket, key
    raise CloudFormationError("TemplateURL must be a supported URL.")
