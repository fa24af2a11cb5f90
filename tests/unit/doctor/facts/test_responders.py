"""Who answered, by the headers that servers send and the URL."""

from __future__ import annotations

import pytest

from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.facts.responders import Responder, is_object_store, knows_origins, responder_of

API = "https://api.example.com/items"


def answer(status: int, **headers: str) -> FetchResponse:
    return FetchResponse(status, tuple((name.replace("_", "-"), value) for name, value in headers.items()))


@pytest.mark.parametrize(
    "url",
    [
        "https://bucket.s3.eu-west-1.amazonaws.com/a",
        "https://s3.amazonaws.com/bucket/a",
        "http://s3.localhost.localstack.cloud:4566/bucket/a",
        "https://storage.googleapis.com/bucket/a",
        "https://account.r2.cloudflarestorage.com/bucket/a",
        "https://account.blob.core.windows.net/bucket/a",
        "https://minio.example.com/bucket/a?X-Amz-Algorithm&X-Amz-Signature",
    ],
)
def test_a_store_is_known_by_its_url(url: str) -> None:
    assert is_object_store(url, None)
    assert responder_of(url, answer(403), page=False) is Responder.STORAGE


@pytest.mark.parametrize("url", [API, "https://s3.example.com/a", f"{API}?X-Amz-Date"])
def test_another_url_is_of_a_store_by_its_headers_only(url: str) -> None:
    assert not is_object_store(url, answer(200, server="nginx"))
    assert is_object_store(url, answer(200, server="MinIO"))
    assert is_object_store(url, answer(200, x_amz_id_2="5nfrls"))


@pytest.mark.parametrize(
    ("status", "headers", "page", "who"),
    [
        (502, {"server": "nginx/1.18.0"}, True, Responder.PROXY),
        (502, {"server": "Fly/1"}, None, Responder.PROXY),
        (502, {"server": "nginx/1.18.0"}, False, Responder.APPLICATION),
        (522, {"server": "cloudflare"}, False, Responder.PROXY),
        (500, {"server": "nginx/1.18.0"}, True, Responder.APPLICATION),
        (403, {"server": "awselb/2.0"}, True, Responder.FIREWALL),
        (413, {"server": "awselb/2.0"}, True, Responder.PROXY),
        (413, {"server": "awselb/2.0"}, False, Responder.FIREWALL),
        (403, {"server": "cloudflare"}, True, Responder.FIREWALL),
        (403, {"server": "cloudflare"}, False, Responder.APPLICATION),
        (429, {"cf_mitigated": "challenge"}, True, Responder.FIREWALL),
        (403, {}, True, Responder.APPLICATION),
        (403, {"server": "cloudflare", "access_control_allow_origin": "*"}, True, Responder.APPLICATION),
    ],
)
def test_who_answered(status: int, headers: dict[str, str], page: bool | None, who: Responder) -> None:
    assert responder_of(API, answer(status, **headers), page=page) is who


def test_a_server_that_varies_by_origin_compares_origins() -> None:
    assert knows_origins(answer(403, vary="Accept-Encoding, Origin"))
    assert not knows_origins(answer(403, vary="Accept-Encoding"))
    assert not knows_origins(answer(403))


@pytest.mark.parametrize(
    "host",
    ["a.execute-api.eu-west-1.amazonaws.com", "a.iot.eu-west-1.amazonaws.com", "a.lambda-url.x.on.aws"],
)
def test_a_signed_url_of_another_service_of_aws_is_not_a_stores(host: str) -> None:
    assert not is_object_store(f"https://{host}/dev?X-Amz-Algorithm&X-Amz-Signature", None)
