"""A function behind a REST API: it greets, with CORS headers on every answer, errors included."""

import json
import logging
import os

LOG = logging.getLogger()


def handler(event, context):
    """Answer a request of API Gateway (Lambda proxy integration, payload 1.0)."""
    try:
        return answer(event, 200, greeting(event))
    except Exception:
        LOG.exception("request %s failed", getattr(context, "aws_request_id", "?"))
        return answer(event, 500, {"message": "Internal server error"})


def greeting(event):
    """What this function has to say. Yours begins here."""
    return {"message": "Hello from Lambda!", "method": event.get("httpMethod"), "path": event.get("path")}


def answer(event, status, body):
    """An answer as API Gateway wants it. With a proxy integration nobody but the function sets its headers."""
    return {
        "statusCode": status,
        "headers": {**cors(event), "Content-Type": "application/json"},
        "body": json.dumps(body),
    }


def cors(event):
    """The headers without which a browser keeps the answer to itself; the origins come from the API's own setting."""
    allowed = os.environ.get("CORS_ALLOW_ORIGINS", "*").split(",")
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    origin = headers.get("origin")
    if "*" in allowed:
        return {"Access-Control-Allow-Origin": "*"}
    return (
        {"Access-Control-Allow-Origin": origin, "Vary": "Origin"} if origin in allowed else {"Vary": "Origin"}
    )
