"""Responses of servers that are no API Gateway, for public reports."""

from __future__ import annotations

from tests.faults.reported.report import ALLOW, Headers, Response

LOCAL = "http://localhost:3000"
ITEMS = "https://api.example.com/items"
NGINX: Headers = (("server", "nginx/1.18.0"), ("content-type", "text/html"))
JSON: Headers = (("content-type", "application/json"),)
UVICORN: Headers = (("server", "uvicorn"),)
EXPRESS: Headers = (("x-powered-by", "Express"),)
EDGE_FUNCTION = "https://abcdefghijklmnopqrst.supabase.co/functions/v1/hello"
SUPABASE = ("apikey", "authorization", "content-type", "x-client-info")


def answer(status: int, *headers: tuple[str, str], body: str = "") -> Response:
    """A response of no API Gateway."""
    return Response(status, headers=headers, body=body, gateway=False)


def allowed(*asks: str, origin: str = "*", status: int = 204, server: Headers = ()) -> Response:
    """A preflight that allows everything, of no API Gateway."""
    return answer(
        status,
        (f"{ALLOW}origin", origin),
        (f"{ALLOW}methods", "GET,HEAD,PUT,PATCH,POST,DELETE"),
        (f"{ALLOW}headers", ",".join(asks)),
        *server,
    )


def origins(*values: str) -> Headers:
    """Allow-Origin once for each value."""
    return tuple((f"{ALLOW}origin", value) for value in values)
