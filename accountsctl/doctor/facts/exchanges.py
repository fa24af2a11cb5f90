"""One HTTP request that was sent, and its response."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.facts.places import SourcePlace
from accountsctl.doctor.facts.request_failures import RequestFailure
from accountsctl.doctor.facts.responders import is_object_store
from accountsctl.model.api_gateway import ApiKind

REQUEST_IDS = ("x-amzn-requestid", "apigw-requestid")
"""The headers by which REST APIs and HTTP APIs name a request, as their logs do.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html"""
_OWN_WORDS = ('{"message":"Unauthorized"}', '{"message":"Forbidden"}')


OWN_REQUEST = "http"
"""With a probe's name, the source of what the doctor sent itself."""


@dataclass(frozen=True)
class Exchange:
    """One request that was really sent, and what came back. No secret is in here.

    `sent` are the request's headers without values of Authorization and cookies (a scheme such as ``Bearer``
    is kept). `answer` is None if none came: `failure` is then why, and `failure_words` what
    the client says of one without a name.
    `body` is the beginning of the answer's where it tells of a fault; None if it was not recorded, as Chromium's of a
    preflight and of a response that CORS blocked. `milliseconds` is how long it took.
    `probe` is ``P1`` for the preflight, ``P3`` for the request with its credential, ``P4`` without (see
    `doctor.observed`), whoever sent it. `address` is the host's: loopback, private or public; None if not known.
    `may_be_preflight`: the browser's words about this response to a request are those about a preflight's too.
    `headless`: the browser tells the status of a response that it blocked, and none of its headers, as Safari does.
    Who answered is worked out once: every cause of the catalogue asks for it.
    """

    probe: str
    method: str
    url: str
    place: SourcePlace
    sent: Mapping[str, str] = field(default_factory=dict)
    answer: FetchResponse | None = None
    body: str | None = ""
    failure: RequestFailure | None = None
    milliseconds: int = 0
    address: str | None = None
    headless: bool = False
    failure_words: str = ""
    may_be_preflight: bool = False

    @property
    def failure_text(self) -> str | None:
        """Why no response came, as it is shown; None if one came."""
        return self.failure_words or self.failure

    @property
    def status(self) -> int:
        """The status; 0 where no answer came."""
        return self.answer.status if self.answer else 0

    @property
    def has_unknown_status(self) -> bool:
        """Whether a response came of which a console's line does not tell the status."""
        return self.answer is not None and not self.answer.status

    @cached_property
    def gateway(self) -> str:
        """The kind of the API that answered, by the id that it gives each request; empty if it gives none.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
        """
        if self.answer is None:
            return ""
        if self.answer.value("apigw-requestid") is not None:
            return ApiKind.HTTP
        if self.answer.value("x-amz-apigw-id") is not None:
            return ApiKind.REST
        return ApiKind.FUNCTION_URL if self.answer.value("x-amzn-requestid") is not None else ""

    @property
    def is_of_http_api(self) -> bool:
        """Whether an HTTP API itself, and not what is behind it, gave this answer, or may have: by its words."""
        own = self.body is None or self.body.replace(" ", "") in _OWN_WORDS
        return self.gateway == ApiKind.HTTP and own

    @cached_property
    def challenge(self) -> str:
        """Its WWW-Authenticate, by which an HTTP API says what is wrong with a token; empty if it has none.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html
        """
        return (self.answer.value("www-authenticate") if self.answer else None) or ""

    @property
    def is_refused_token(self) -> bool:
        """Whether an HTTP API's JWT authorizer refused the token of this request."""
        return self.is_of_http_api and "error=" in self.challenge

    @cached_property
    def is_of_distribution(self) -> bool:
        """Whether CloudFront itself answered, and nothing behind it."""
        server = self.answer.value("server") if self.answer else None
        return (server or "").lower() == "cloudfront" and not self.gateway

    @cached_property
    def is_of_bucket(self) -> bool:
        """Whether S3 answered, itself or through CloudFront, or an object store like it."""
        return not self.gateway and is_object_store(self.url, self.answer)

    @property
    def length(self) -> int | None:
        """How many bytes the body has, also if the body was not recorded; None if that is not known."""
        stated = self.answer.value("content-length") if self.answer else None
        encoded = self.answer is not None and self.answer.value("content-encoding") is not None
        return int(stated) if stated is not None and stated.isdecimal() and not encoded else None

    @cached_property
    def is_page(self) -> bool | None:
        """Whether the body is an HTML page; None if the answer does not tell."""
        kind = self.answer.value("content-type") if self.answer else None
        return None if kind is None else "html" in kind.lower()

    @cached_property
    def error_type(self) -> str:
        """API Gateway's ``x-amzn-ErrorType``, without what follows a colon; empty where the gateway did not refuse."""
        said = self.answer.value("x-amzn-errortype") if self.answer else None
        return (said or "").split(":")[0]


def is_own(exchange: Exchange) -> bool:
    """Whether the doctor sent it itself, and no browser."""
    return exchange.place.source.startswith(f"{OWN_REQUEST} ")
