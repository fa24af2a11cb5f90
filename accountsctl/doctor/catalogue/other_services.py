"""Responses that another service of AWS than API Gateway gave: a user pool's domain, a service's API, a bucket."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from accountsctl.doctor.browser.page_request import UNSET_VALUES, Credential, PageRequest
from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.responders import is_presigned, is_store_of_aws
from accountsctl.model.cors_headers import ALLOW_ORIGIN

# https://docs.aws.amazon.com/general/latest/gr/rande.html: the service, then the region; S3's are buckets.
_SERVICE_API = re.compile(r"^(?!s3\.)[a-z0-9-]+\.[a-z]{2}(-[a-z]+)+-\d\.amazonaws\.com(\.cn)?$")
# https://docs.aws.amazon.com/general/latest/gr/rande.html#global-endpoints, and older ones of web information.
_GLOBAL_SERVICE_API = re.compile(
    r"^(iam|sts|route53|cloudfront|organizations|importexport|globalaccelerator|waf|shield|budgets|health|support"
    r"|networkmanager|sdb|awis|ats|mechanicalturk|webservices)\.amazonaws\.com$"
)
# A device's gateway has a name of the account before the service.
_IOT_API = re.compile(r"^[a-z0-9-]+\.iot\.[a-z]{2}(-[a-z]+)+-\d\.amazonaws\.com(\.cn)?$")
_USER_POOL_DOMAIN = re.compile(r"\.auth\.[a-z0-9-]+\.amazoncognito\.com$")
# https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-userpools-server-contract-reference.html
_ENDPOINTS_FOR_PAGES = frozenset({"/oauth2/token", "/oauth2/userinfo", "/oauth2/revoke"})
OF_SERVICE_API = "edge.aws-service"
_WRONG_SIGNATURE = re.compile(r"<Code>\s*(SignatureDoesNotMatch|InvalidAccessKeyId|MissingSecurityHeader)\b")
BAD_SIGNATURE = "auth.iam-bad-signature"
_IS_OTHER_BODY = re.compile(r"<Code>\s*(BadDigest|InvalidDigest|XAmzContent\w*Mismatch)\b")
"""The body is not of the checksum that was signed."""
_REFUSED_SIGNATURES = (
    (
        re.compile(
            r"SignatureDoesNotMatch|<HeadersNotSigned>|headers present in the request which were not signed"
        ),
        BAD_SIGNATURE,
    ),
    (_IS_OTHER_BODY, BAD_SIGNATURE),
    (re.compile(r"Request has expired|ExpiredToken|TokenRefreshRequired"), "auth.iam-expired"),
    (re.compile(r"InvalidAccessKeyId|InvalidToken"), "auth.iam-unknown-key"),
)
_DENIED = re.compile(r"<Code>\s*AccessDenied")
_OF_SIGNED = (400, 403)
"""A wrong signature; a body that is not of the checksum in the URL, which SDKs put there (petdex#465)."""


def refused_by_other_service(ask: PageRequest, real: Exchange) -> tuple[str, ...]:
    """The causes of a refusal by a service that has its own rules of CORS; empty if none is known to have refused.

    Also of a token, behind CloudFront, in a response that the page reads.
    """
    if real.status < 400 or real.answer is None:
        return ()
    if real.answer.value(ALLOW_ORIGIN) is not None:
        return _of_refused_token(ask) if _may_lack_token(ask, real, real.answer) else ()
    if is_service_api(ask.host) or calls_whole_store(ask):
        return (OF_SERVICE_API,)
    if _is_of_user_pool_domain(ask, real.answer) and ask.url_path.lower() not in _ENDPOINTS_FOR_PAGES:
        return ("deploy.wrong-path",)
    return ()


def _may_lack_token(ask: PageRequest, real: Exchange, answer: FetchResponse) -> bool:
    """Whether an application refused a request with a token that came through CloudFront.

    CloudFront passes Authorization on only if a policy says so.
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html
    """
    by_another = real.error_type or real.is_of_http_api or real.is_of_distribution or real.is_of_bucket
    sent = ask.credential is not Credential.NONE and real.probe != "P1"
    return sent and not by_another and real.status in (401, 403) and passed_cloudfront(answer)


def _of_refused_token(ask: PageRequest) -> tuple[str, ...]:
    expires = ask.token.expires if ask.token else None
    has_expired = expires is not None and ask.now > expires
    if has_expired:
        return ("auth.cognito-expired", "edge.cf-authorization")
    return ("edge.cf-authorization", "auth.token-invalid")


def is_service_api(host: str) -> bool:
    """Whether a host is of the API of a service of AWS: SERVICE.REGION.amazonaws.com, or a global one's."""
    return any(pattern.search(host) for pattern in (_SERVICE_API, _GLOBAL_SERVICE_API, _IOT_API))


def calls_whole_store(ask: PageRequest) -> bool:
    """Whether S3 is asked for no bucket: ListBuckets has no CORS, which is a bucket's."""
    of_service = ask.host.startswith(("s3.", "s3-")) and is_store_of_aws(ask.url)
    # Without even a slash only the origin is known: of what elements load, Chromium named no more until 2017.
    return of_service and ask.url_path == "/"


def _is_of_user_pool_domain(ask: PageRequest, answer: FetchResponse) -> bool:
    """Whether the domain of a user pool answers, which serves sign-in pages and the endpoints of OAuth."""
    by_header = answer.value("x-amz-cognito-request-id") is not None
    return by_header or _USER_POOL_DOMAIN.search(ask.host) is not None


def refused_by_store(ask: PageRequest, real: Exchange, *, preflight: bool) -> tuple[str, ...]:
    """The causes of an object store's refusal.

    A store that passed the preflight has a CORS rule for the request: what it then refuses is the signature.
    """
    if preflight:
        return _refused_preflight_of_store(real)
    allowed = real.answer is not None and real.answer.value(ALLOW_ORIGIN) is not None
    if is_presigned(real.url) and allowed and (real.status == 403 or _IS_OTHER_BODY.search(real.body or "")):
        return _refused_signature(real.body or "")
    if real.status in _OF_SIGNED and is_presigned(real.url) and not allowed and ask.preflight is not None:
        return (BAD_SIGNATURE, "acao.missing-error-path")
    return () if allowed else ("edge.s3-no-cors",)


def _refused_signature(body: str) -> tuple[str, ...]:
    """The causes of a presigned URL's refusal that the page may read, by S3's words.

    https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    """
    worded = signature_refused_in(body) or ("auth.iam-denied" if _DENIED.search(body) else "")
    return (worded,) if worded else (BAD_SIGNATURE, "auth.iam-denied")


def signature_refused_in(body: str) -> str:
    """The cause that S3's error names by itself, whatever the request; empty if it does not."""
    return next((id_ for words, id_ in _REFUSED_SIGNATURES if words.search(body)), "")


def _refused_preflight_of_store(real: Exchange) -> tuple[str, ...]:
    """Some stores compare the signature with OPTIONS, for which it was not made. AWS's own never does.

    https://docs.aws.amazon.com/AmazonS3/latest/API/RESTOPTIONSobject.html; floci#2412, cloudflare-docs#6003
    """
    if _WRONG_SIGNATURE.search(real.body or ""):
        return ("preflight.authenticated",)
    may_compare = real.status in (401, 403) and is_presigned(real.url) and not is_store_of_aws(real.url)
    if may_compare and not real.body:
        return ("edge.s3-no-cors", "preflight.authenticated")
    return ("edge.s3-no-cors",)


def causes_of_store(answer: FetchResponse, *, page: bool | None) -> tuple[str, ...]:
    """Behind CloudFront the store may have a rule, and not get the Origin that it compares."""
    cached = (answer.value("x-cache") or "").lower().startswith("hit")
    causes = ("edge.s3-no-cors", "edge.cf-origin-header")
    return (causes[::-1] if cached else causes) if passed_cloudfront(answer) and not (cached and page) else ()


def passed_cloudfront(answer: FetchResponse) -> bool:
    """Whether CloudFront handed a response on: it names itself in each.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
    """
    names = ("x-cache", "x-amz-cf-id", "x-amz-cf-pop")
    by_via = "cloudfront" in (answer.value("via") or "").lower()
    return by_via or any(answer.value(name) is not None for name in names)


def has_unset_part(url: str) -> bool:
    """Whether a variable without a value seems to have been written into a URL's host or path."""
    parts = urlsplit(url)
    labels = (parts.hostname or "").split(".")
    written = {unquote(part).lower() for part in (*labels, *parts.path.split("/"))}
    return bool((UNSET_VALUES - {""}) & written)
