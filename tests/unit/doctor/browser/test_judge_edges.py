"""Odd requests and responses, with what Chromium 156 did: measured, value by value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsctl.doctor.browser.fetch import FetchRequest, Profile, origin_of, unsafe_names
from accountsctl.doctor.browser.judge import judge
from accountsctl.doctor.browser.verdict import FetchResponse, Verdict
from accountsctl.doctor.browser.whatwg_url import parse_url, resolve_url

PAGE, API = "https://app.example.com", "https://api.example.com/accounts"
VALUES = (
    "on",
    "ON",
    "off",
    "1",
    "0",
    "",
    "x",
    "1.5",
    "1.",
    ".5",
    "-1",
    "+1",
    "1e3",
    "01",
    "4g",
    "4G",
    "5g",
    "8",
)
FREE = {
    "save-data": {"on", "ON"},
    "dpr": {"1", "0", "1.5", "01", "8"},
    "device-memory": {"1", "0", "1.5", "01", "8"},
    "downlink": {"1", "0", "1.5", "01", "8"},
    "width": {"1", "0", "01", "8"},
    "viewport-width": {"1", "0", "01", "8"},
    "rtt": {"1", "0", "01", "8"},
    "ect": {"4g"},
    "intervention": set(VALUES),
    "user-agent": set(VALUES),
    "content-dpr": set(),
    "lang": set(),
}


@pytest.mark.parametrize("name", FREE)
def test_a_client_hint_is_free_in_its_own_form_alone(name: str) -> None:
    assert {value for value in VALUES if not unsafe_names([(name, value)], Profile.CHROMIUM)} == FREE[name]


@pytest.mark.parametrize(
    ("value", "free"),
    [
        ("bytes=0-", True),
        ("bytes=00-05", True),
        (f"bytes=0-{2**63 - 2}", True),
        (f"bytes={2**63 - 2}-", True),
        (f"bytes=0-{2**63 - 1}", False),
        (f"bytes={2**63 - 1}-", False),
        ("bytes=5-3", False),
        ("Bytes=0-5", False),
        ("bytes= 0-5", False),
        ("bytes=0-5,7-8", False),
    ],
)
def test_a_range_is_free_up_to_the_largest_number(value: str, free: bool) -> None:
    assert (unsafe_names([("range", value)], Profile.CHROMIUM) == ()) == free


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://[0:0:0:0:0:0:0:1]:8080/x", "http://[::1]:8080"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example"),
        ("HTTPS://API.Example.COM:443/x", "https://api.example.com"),
        ("http://127.1/x", "http://127.0.0.1"),
        ("http://0x7f.0.0.1:80/x", "http://127.0.0.1"),
        ("http:a", "http://a"),
        ("http:/a", "http://a"),
        ("http:\\\\a\\b", "http://a"),
        ("https://user:pw@a.example:8443", "https://a.example:8443"),
        ("data:text/plain,x", "null"),
        ("https://a|b", "null"),
        ("https://%zz", "null"),
        ("https://a:b", "null"),
        ("https://a:65536", "null"),
        ("https://", "null"),
        ("http://[::1", "null"),
        ("http://1.2.3.4.5", "null"),
    ],
)
def test_an_origin_has_one_spelling(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("/b", "https://api.example.com/b"),
        ("b?c=/d\\e", "https://api.example.com/b?c=/d\\e"),
        ("//other.example/x", "https://other.example/x"),
        ("\\\\other.example\\x", "https://other.example/x"),
        ("https:b", "https://api.example.com/b"),
        ("https:/b", "https://api.example.com/b"),
        ("https:\\b", "https://api.example.com/b"),
        ("http:b", "http:b"),
        ("mailto:x", "mailto:x"),
        ("http://[", None),
    ],
)
def test_a_location_is_resolved_as_a_browser_does(reference: str, url: str | None) -> None:
    assert resolve_url(API, reference) == url


def redirected(location: str) -> Verdict:
    allowed = ("Access-Control-Allow-Origin", "*")
    answers = {API: FetchResponse(302, (allowed, ("Location", location)))}
    return judge(
        FetchRequest(url=API, origin=PAGE), lambda url, _: answers.get(url, FetchResponse(200, (allowed,)))
    )


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("/b", None),
        ("javascript:1", "CorsDisabledScheme"),
        ("mailto:x", "CorsDisabledScheme"),
        ("data:,x", "CorsDisabledScheme"),
        ("http://[", "InvalidRedirect"),
        ("https://a:99999/", "InvalidRedirect"),
        ("http://user@127.0.0.1/", "RedirectContainsCredentials"),
        ("", None),
    ],
)
def test_a_redirect_to_what_is_not_an_address(location: str, code: str | None) -> None:
    assert redirected(location).code == code


@given(st.text(max_size=40))
def test_no_text_makes_the_parser_or_the_judge_fail(text: str) -> None:
    parse_url(text)
    resolve_url(API, text)
    redirected(text)
    origin_of(f"https://{text}")


ALLOWED = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Headers", "*"))


def moved(*locations: str, redirect: str = "follow", profile: Profile = Profile.CHROMIUM) -> Verdict:
    answers = {API: FetchResponse(302, (*ALLOWED, *(("Location", location) for location in locations)))}
    request = FetchRequest(url=API, origin=PAGE, redirect=redirect)
    return judge(request, lambda url, _: answers.get(url, FetchResponse(200, ALLOWED)), profile)


def test_a_redirect_to_nowhere_is_the_page_s_own_response() -> None:
    assert (moved("").status, moved("", redirect="error").ok) == (302, True)
    assert moved("", "/b").status == 200


def test_chromium_refuses_two_locations_that_differ() -> None:
    assert moved("/b", "/c").code == "InvalidRedirect"
    assert moved("/b", "/b").status == 200
    assert moved("/b", "/c", profile=Profile.FIREFOX).ok


def test_chromium_refuses_a_location_that_is_not_a_url_even_where_the_page_follows_by_hand() -> None:
    assert moved("http://%zz/", redirect="manual").code == "InvalidRedirect"
    assert moved("/b", redirect="manual").type == "opaqueredirect"
    assert moved("http://%zz/", redirect="manual", profile=Profile.FIREFOX).ok


@pytest.mark.parametrize(
    ("name", "stays"),
    [("dpr", False), ("downlink", False), ("ect", False), ("rtt", False), ("save-data", True), ("x-a", True)],
)
def test_chromium_leaves_client_hints_behind_at_a_redirect(name: str, stays: bool) -> None:
    answers = {
        (API, True): FetchResponse(200, ALLOWED),
        (API, False): FetchResponse(302, (*ALLOWED, ("Location", "/b"))),
        ("https://api.example.com/b", True): FetchResponse(400),
    }
    request = FetchRequest(url=API, origin=PAGE, headers=((name, "x"),))
    found = judge(request, lambda url, early: answers.get((url, early), FetchResponse(200, ALLOWED)))
    assert found.ok is not stays


NEAR = (
    *("127.0.0.1", "localhost", "printer.local", "printer.local.", "[::1]", "0.0.0.0", "[::]", "0.1.2.3"),
    *("10.0.0.9", "172.31.0.1", "192.168.1.7", "169.254.1.1", "100.64.0.1", "[::ffff:192.168.0.1]"),
    *("[fd00::1]", "[fe80::1]", "[fec0::1]", "[2001:db8::1]"),
)
FAR = (
    *("api.example.com", "printer", "93.184.216.34", "172.32.0.1", "198.18.0.1", "192.0.2.1", "192.0.0.1"),
    *("203.0.113.5", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
)


@pytest.mark.parametrize("host", [*NEAR, *FAR])
def test_a_secure_page_asks_no_public_host_without_tls(host: str) -> None:
    verdict = judge(FetchRequest(f"http://{host}/x", PAGE), lambda *_: FetchResponse(200, ALLOWED))
    assert verdict.ok is (host in NEAR)
    assert host in NEAR or verdict.code == "MixedContent"


@pytest.mark.parametrize("profile", [Profile.FIREFOX, Profile.WEBKIT])
def test_only_chromium_lets_a_secure_page_ask_its_own_network_without_tls(profile: Profile) -> None:
    request = FetchRequest("http://192.168.1.7/x", PAGE)
    assert judge(request, lambda *_: FetchResponse(200, ALLOWED), profile).code == "MixedContent"
