"""Who gave a response that no API Gateway gave: object storage, a proxy, a firewall, or an application.

Servers are known by their headers, as their documentation or captured responses show them, and by the URL.
"""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import urlsplit

from accountsctl.doctor.browser.urls import FOR_DATA
from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.model.cors_headers import ALLOW_ORIGIN
from accountsctl.model.loopback import is_loopback


class Responder(StrEnum):
    """What answered. An application is what is not known to be anything else."""

    STORAGE = "storage"
    FIREWALL = "firewall"
    PROXY = "proxy"
    APPLICATION = "application"


# https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonResponseHeaders.html, and what other stores send.
_STORE_HEADERS = (
    "x-amz-id-2",
    "x-goog-hash",
    "x-goog-stored-content-length",
    "x-ms-blob-type",
    "x-minio-error-code",
)
_STORE_SERVERS = ("amazons3", "minio", "uploadserver", "windows-azure-blob", "ceph")
_NO_STORES = ("minio console",)
"""Servers beside a store, at another port, which answer a request for an object with their page."""
_LABELS_OF_S3 = r"(^|\.)s3([.-][a-z0-9-]+)*\."
_S3 = re.compile(_LABELS_OF_S3 + r"amazonaws\.com(\.cn)?$")
_STORE_HOSTS = re.compile(
    _LABELS_OF_S3 + r"(amazonaws\.com(\.cn)?|localhost\.localstack\.cloud|wasabisys\.com|scw\.cloud)$"
    r"|\.s3\.amazonaws\.com$|\.r2\.(cloudflarestorage\.com|dev)$|\.digitaloceanspaces\.com$|\.backblazeb2\.com$"
    r"|(^|\.)storage\.googleapis\.com$|^firebasestorage\.googleapis\.com$|\.firebasestorage\.app$"
    r"|\.blob\.core\.windows\.net$"
)
# A presigned URL: of AWS's own hosts others than S3's take one too (API Gateway with IAM, IoT).
_PRESIGNED = re.compile(
    r"(^|&)(X-Amz-Signature|X-Amz-Algorithm|X-Goog-Signature|X-Goog-Algorithm|AWSAccessKeyId)\b"
)
_OTHER_OF_AWS = re.compile(r"\.(amazonaws\.com(\.cn)?|on\.aws|api\.aws)$")
LOCALSTACK_PORT = 4566
_OF_PROXIES = re.compile(
    r"Error occurred while (trying to proxy|proxying)|Could not proxy request|\[HPM\]|upstream connect error"
    r"|^(Bad Gateway|Gateway Timeout|Service Unavailable)\s*$"
)
_OF_GATEWAY = ("x-amzn-errortype", "x-amz-apigw-id", "apigw-requestid", "x-amzn-requestid")
_PROXY_SERVERS = (
    "nginx",
    "openresty",
    "tengine",
    "awselb",
    "cloudflare",
    "cloudfront",
    "envoy",
    "istio-envoy",
    "haproxy",
    "traefik",
    "caddy",
    "varnish",
    "akamai",
    "cowboy",
    "vercel",
    "netlify",
    "railway",
    "fly/",
    "google frontend",
    "microsoft-azure-application-gateway",
    "apache",
)
# nginx and Cloudflare's own statuses among them: https://developers.cloudflare.com/support/troubleshooting/
BY_PROXY = frozenset({413, 414, 494, 499, 502, 503, 504, *range(520, 531)})
# https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/
_CHALLENGE = ("cf-mitigated", "x-amzn-waf-action", "x-vercel-mitigated")


def is_object_store(url: str, answer: FetchResponse | None) -> bool:
    """Whether S3, or a store like it, answers at a URL."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _STORE_HOSTS.search(host):
        return True
    if answer is not None and server_of(answer).startswith(_NO_STORES):
        return False
    if _PRESIGNED.search(parts.query) and not _OTHER_OF_AWS.search(host):
        return True
    if answer is None:
        return False
    return server_of(answer).startswith(_STORE_SERVERS) or any(
        answer.value(name) is not None for name in _STORE_HEADERS
    )


def is_store_of_aws(url: str) -> bool:
    """Whether the host is S3's own."""
    return _S3.search(urlsplit(url).hostname or "") is not None


def is_presigned(url: str) -> bool:
    """Whether a URL has a signature of its own, so that it needs no Authorization."""
    return _PRESIGNED.search(urlsplit(url).query) is not None


def server_of(answer: FetchResponse) -> str:
    """The name of the server, in lower case; empty if the response does not tell it."""
    return (answer.value("server") or "").lower()


def is_proxy(answer: FetchResponse | None) -> bool:
    """Whether a server that stands before applications gave a response."""
    return answer is not None and server_of(answer).startswith(_PROXY_SERVERS)


def responder_of(url: str, answer: FetchResponse, *, page: bool | None) -> Responder:
    """Who gave a response. `page`: whether it is an HTML page, None if that is not known."""
    if is_object_store(url, answer):
        return Responder.STORAGE
    server = server_of(answer)
    if is_surely_firewall(answer):
        return Responder.FIREWALL
    if is_load_balancer(answer) and answer.status in (403, 413) and not (answer.status == 413 and page):
        # A load balancer refuses so for its web ACL, or a rule of its listener; its own limit of 1 MB has a page.
        return Responder.FIREWALL
    of_application = answer.value(ALLOW_ORIGIN) is not None
    if (
        answer.status == 403
        and page
        and not of_application
        and server.startswith(("cloudflare", "nginx", "openresty", "akamai"))
    ):
        return Responder.FIREWALL
    # Envoy answers in plain text, where applications answer with a page or with data.
    of_envoy = server.endswith("envoy") and (answer.value("content-type") or "").startswith("text/plain")
    own_words = page is not False or answer.status >= 520 or of_envoy
    if answer.status in BY_PROXY and own_words and (page or is_proxy(answer)):
        return Responder.PROXY
    return Responder.APPLICATION


def is_surely_firewall(answer: FetchResponse | None) -> bool:
    """Whether it says itself that a firewall refused; a page alone may be anyone's."""
    return answer is not None and any(answer.value(name) is not None for name in _CHALLENGE)


def is_page_for_error(answer: FetchResponse) -> bool:
    """Whether CloudFront gave a page of the site in place of an error of the origin (CustomErrorResponses).

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/GeneratingCustomErrorResponses.html
    """
    return _is_page(answer) and _cached(answer) == "error from cloudfront"


def is_page_of_site(answer: FetchResponse) -> bool:
    """Whether CloudFront gave a page of the site itself, to which the URL or a rewrite of it leads."""
    return _is_page(answer) and _cached(answer).startswith(("hit from", "miss from", "refreshhit from"))


def _is_page(answer: FetchResponse) -> bool:
    return answer.status == 200 and (answer.value("content-type") or "").lower().startswith("text/html")


def _cached(answer: FetchResponse) -> str:
    return (answer.value("x-cache") or "").lower()


def is_page_of_cloudfront(answer: FetchResponse) -> bool:
    """Whether CloudFront refused a request itself, with a page of its own."""
    return answer.status >= 400 and server_of(answer) == "cloudfront"


def is_site_in_place_of_api(url: str, answer: FetchResponse) -> bool:
    """Whether a site's page, or the bucket of its files, answered a URL of data, and no API.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern
    https://docs.aws.amazon.com/amplify/latest/userguide/redirects.html
    """
    if FOR_DATA.search(url) is None or any(answer.value(name) is not None for name in _OF_GATEWAY):
        return False
    is_page = (answer.value("content-type") or "").lower().startswith("text/html")
    by_bucket = answer.status in (403, 404, 405) and server_of(answer) == "amazons3"
    return by_bucket or (answer.status == 200 and is_page)


def is_load_balancer(answer: FetchResponse | None) -> bool:
    """Whether an Application Load Balancer answered by itself: its targets' responses have their own Server."""
    return answer is not None and server_of(answer).startswith("awselb")


def is_nginx(answer: FetchResponse | None) -> bool:
    """Whether nginx, or a server made of it, gave a response."""
    return answer is not None and server_of(answer).startswith(("nginx", "openresty", "tengine"))


def is_known_not_to_be_aws(url: str) -> bool:
    """Whether a URL cannot be API Gateway's: this machine, but for the embedded cloud."""
    parts = urlsplit(url)
    return is_loopback(parts.hostname) and "/_aws/" not in parts.path


def is_of_local_proxy(status: int, kind: str, body: str) -> bool:
    """Whether the proxy of a development server says that it could not reach the server behind it.

    By the words of http-proxy-middleware (Angular, webpack), react-dev-utils (Create React App), Envoy and Traefik.
    """
    # Vite answers with an empty text.
    of_vite = status == 500 and kind.lower() == "text/plain" and not body
    return status >= 500 and (of_vite or _OF_PROXIES.search(body) is not None)


def is_local_cloud(url: str) -> bool:
    """Whether LocalStack answers at a URL: by its port, or by the name that it has for this machine.

    https://docs.localstack.cloud/references/network-troubleshooting/endpoint-url/
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    return host.endswith("localhost.localstack.cloud") or (
        is_loopback(host) and parts.port == LOCALSTACK_PORT
    )


def knows_origins(answer: FetchResponse) -> bool:
    """Whether a response without Allow-Origin comes from a server that compares origins: Vary names Origin."""
    names = {part.strip().lower() for part in (answer.value("vary") or "").split(",")}
    return "origin" in names
