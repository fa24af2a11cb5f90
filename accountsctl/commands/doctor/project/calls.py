"""The services of AWS that a function's code calls, by the clients that it creates. Packages are not read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

PREFIXES = {
    "apigatewaymanagementapi": "execute-api",
    "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp",
    "cognitoidentityserviceprovider": "cognito-idp",
    "cognitoidp": "cognito-idp",
    "eventbridge": "events",
    "cloudwatchevents": "events",
    "rdsdata": "rds-data",
    "rdsdataservice": "rds-data",
    "sesv2": "ses",
    "sfn": "states",
    "stepfunctions": "states",
    "bedrockruntime": "bedrock",
    "pinpoint": "mobiletargeting",
    "libdynamodb": "dynamodb",
    **{
        name: name
        for name in (
            "athena", "comprehend", "dynamodb", "events", "firehose", "glue", "kinesis", "kms", "lambda", "logs",
            "polly", "rekognition", "s3", "scheduler", "secretsmanager", "ses", "sns", "sqs", "ssm", "textract",
            "transcribe", "translate",
        )
    },
}  # fmt: skip
"""The prefix of a service's actions in IAM, by its name in the SDKs (small letters, letters and digits only).

A service that is missing here is not checked; sts and cognito-identity have calls that need no rights.
Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""
JAVASCRIPT = (".js", ".mjs", ".cjs", ".ts")
V3 = re.compile(r"""["']@aws-sdk/(?:client|lib)-([a-z0-9-]+)["']""")
V3_LIBRARY = {"dynamodb": "dynamodb", "storage": "s3"}
V2 = re.compile(r"\bnew\s+AWS\.([A-Za-z0-9]+)\b")
V2_CLIENT = re.compile(r"""["']aws-sdk/clients/([a-z0-9]+)["']""")
PYTHON = re.compile(r"""\b(?:client|resource)\(\s*["']([a-z0-9-]+)["']""")
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)
PYTHON_COMMENT = re.compile(r"(?m)^\s*#[^\n]*")
SIGNED_COGNITO = re.compile(r"\badmin_?[a-z]|list_?users|list_?groups", re.IGNORECASE)
"""What of cognito-idp needs rights: signing up and in does not."""
NOT_DEPLOYED_CODE = frozenset({"node_modules", "test", "tests", "__tests__"})


def called_services(code: Mapping[str, bytes]) -> dict[str, str]:
    """IAM prefix -> the file and line of the first client; of cognito-idp only if a call that needs rights is made."""
    found: dict[str, str] = {}
    for path in sorted(code):
        if not NOT_DEPLOYED_CODE.isdisjoint(path.split("/")):
            continue
        text = _without_comments(path, code[path])
        for name, offset in _clients(path, text):
            prefix = PREFIXES.get(re.sub(r"[^a-z0-9]", "", name.lower()))
            if prefix and (prefix != "cognito-idp" or SIGNED_COGNITO.search(text)):
                found.setdefault(prefix, f"{path}:{text.count(chr(10), 0, offset) + 1}")
    return found


def _without_comments(path: str, content: bytes) -> str:
    """The code of a file, its lines where they were."""
    text = content.decode("utf-8", "replace") if path.endswith((*JAVASCRIPT, ".py")) else ""
    pattern = PYTHON_COMMENT if path.endswith(".py") else COMMENT
    return pattern.sub(lambda comment: "\n" * comment.group().count("\n"), text)


def _clients(path: str, text: str) -> Iterator[tuple[str, int]]:
    """The names of the services whose clients are created or imported, and where."""
    if path.endswith(".py"):
        if "boto3" in text:
            yield from ((match[1], match.start()) for match in PYTHON.finditer(text))
        return
    for match in V3.finditer(text):
        yield V3_LIBRARY.get(match[1], match[1]), match.start()
    for pattern in (V2, V2_CLIENT):
        yield from ((match[1], match.start()) for match in pattern.finditer(text))
