"""Public reports of the fourth set: what stands before a server, and redirects."""

from __future__ import annotations

from tests.faults.reported.report import ALLOW, Report
from tests.faults.reported.servers import ITEMS, JSON, LOCAL, NGINX, allowed, answer, origins

PROXIES = (
    # nginx stops the body before Laravel sees it: client_max_body_size.
    Report(
        "fruitcake/laravel-cors#306",
        ("edge.proxy-error",),
        allowed("content-type", server=(("server", "nginx/1.18.0"),)),
        answer(413, *NGINX, body="<html><h1>413 Request Entity Too Large</h1></html>"),
        url=ITEMS,
        method="POST",
        asks=("content-type",),
        sends=2_000_000,
    ),
    # gunicorn sends the header too.
    Report(
        "RubaXa/nginx-cors#7",
        ("acao.duplicate",),
        None,
        answer(200, *origins("http://front.com", "http://front.com"), ("server", "nginx"), *JSON),
        url="http://domain.com/items",
        origin="http://front.com",
        asks=(),
    ),
    # nginx adds it to OPTIONS too.
    Report(
        "expressjs/cors#145",
        ("acao.duplicate",),
        answer(204, *origins("*", "*"), (f"{ALLOW}methods", "GET,POST"), (f"{ALLOW}headers", "content-type")),
        url=ITEMS,
        method="POST",
        asks=("content-type",),
    ),
    Report(
        "digiaonline/lumen-cors#49",
        ("acao.duplicate",),
        answer(
            200,
            *origins(LOCAL, "*"),
            (f"{ALLOW}methods", "POST"),
            (f"{ALLOW}headers", "authorization,cache-control"),
        ),
        url="http://35.197.143.23/checkToken",
        method="POST",
        asks=("authorization", "cache-control"),
        origin=LOCAL,
    ),
    # The proxy is given two origins as one value.
    Report(
        "cloudendpoints/endpoints-tools#58",
        ("acao.list",),
        answer(
            204,
            *origins(f"{LOCAL} http://localhost:3001"),
            (f"{ALLOW}methods", "GET"),
            (f"{ALLOW}headers", "authorization"),
            ("server", "nginx"),
        ),
        url=ITEMS,
        origin=LOCAL,
    ),
    # WAF's rule of 8 KB, with a custom response of the load balancer.
    Report(
        "RoboFinSystems/robosystems#821",
        ("auth.waf", "edge.proxy-error"),
        allowed("authorization", "content-type"),
        answer(413, ("server", "awselb/2.0"), *JSON, body='{"error": "Request payload too large."}'),
        url=ITEMS,
        method="PUT",
        asks=("authorization", "content-type"),
        sends=9_000,
    ),
    # The company's proxy wants the user to sign in.
    Report(
        "DataBiosphere/data-explorer#259",
        ("preflight.redirect",),
        answer(307, ("location", "https://gateway.zscalar.net/auD?origurl=https%3A%2F%2Fapi.example.com")),
        url="https://api.example.com/api/facets",
        asks=("x-requested-with",),
    ),
    Report(
        "juice-shop/juice-shop#182",
        ("client.redirect",),
        None,
        answer(307, ("location", "https://gateway.zscaler.net/auD?origurl=http%3A%2F%2Fjuice")),
        url="http://juice-shop.herokuapp.com/rest/product/search",
        origin="http://juice-shop.herokuapp.com",
        asks=(),
        redirected=answer(200, ("content-type", "text/html")),
    ),
    # Cloudflare Access: the manifest is loaded without cookies.
    Report(
        "openchamber/openchamber#734",
        ("client.redirect",),
        None,
        answer(302, ("location", "https://slug.cloudflareaccess.com/cdn-cgi/access/login/chamber")),
        url="https://chamber.domain.com/manifest.webmanifest",
        origin="https://chamber.domain.com",
        asks=(),
        redirected=answer(200, ("content-type", "text/html"), ("server", "cloudflare")),
        kind="manifest",
    ),
    # The redirect that adds a slash leads from https to http.
    Report(
        "phalt/swapi#77",
        ("client.mixed", "client.redirect"),
        None,
        answer(301, ("location", "http://swapi.co/api/people/1/"), ("server", "cloudflare-nginx")),
        url="https://swapi.co/api/people/1",
        origin="https://swapi.co",
        asks=(),
        redirected=answer(0),
    ),
)
