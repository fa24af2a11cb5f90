"""Code that allows too many origins, by its plain forms; code that compares whole origins is left alone."""

from __future__ import annotations

import pytest

from accountsctl.doctor.facts.templates.origin_checks import read_origin_checks

REFLECTS = (
    ("index.js", 'headers: {"Access-Control-Allow-Origin": event.headers.origin}'),
    ("index.mjs", 'headers: {"Access-Control-Allow-Origin": event.headers["Origin"], "x": 1}'),
    (
        "index.ts",
        'const {origin} = event.headers;\nreturn {headers: {"Access-Control-Allow-Origin": origin}};',
    ),
    ("index.py", 'headers = {"Access-Control-Allow-Origin": event["headers"]["origin"]}'),
    ("index.py", 'HEADERS["Access-Control-Allow-Origin"] = event["headers"].get("origin")'),
)
CHECKED = (
    (
        "index.js",
        'const ok = ALLOWED.includes(origin);\nreturn {"Access-Control-Allow-Origin": ok ? origin : ALLOWED[0]};',
    ),
    ("index.js", 'if (origin === "https://a.example") h = {"Access-Control-Allow-Origin": origin};'),
    ("index.py", 'if origin in ALLOWED:\n    headers = {"Access-Control-Allow-Origin": origin}'),
    ("index.py", 'headers = {"Access-Control-Allow-Origin": "https://a.example"}'),
    ("index.js", '// "Access-Control-Allow-Origin": event.headers.origin\nreturn {};'),
)
LOOSE = (
    ("index.js", 'if (origin.endsWith("example.com")) {}', "example.com"),
    ("index.js", 'if (origin.includes("example.com")) {}', "example.com"),
    ("index.js", "if (origin?.startsWith('https://example.com')) {}", "https://example.com"),
    ("index.js", 'if (origin.indexOf("example.com") > -1) {}', "example.com"),
    ("index.js", r"if (/example\.com$/.test(origin)) {}", r"example\.com$"),
    ("index.js", r"if (/^https:\/\/example.com$/.test(origin)) {}", r"^https:\/\/example.com$"),
    ("index.py", 'if "example.com" in origin: pass', "example.com"),
    ("index.py", 'if origin.endswith("example.com"): pass', "example.com"),
    ("index.py", 'if "example.com" not in origin: pass', "example.com"),
    ("index.py", r'if re.search(r"https://example\.com", origin): pass', r"https://example\.com"),
    ("index.py", r'if re.match(r"https://example\.com", origin): pass', r"https://example\.com"),
)
EXACT = (
    ("index.js", "if (ALLOWED.includes(origin)) {}"),
    ("index.js", 'if (origin.endsWith(".example.com")) {}'),
    ("index.js", 'if (origin.startsWith("http://localhost:")) {}'),
    ("index.js", r"if (/^https:\/\/([a-z0-9.-]+\.)?example\.com$/.test(origin)) {}"),
    ("index.py", r'if re.fullmatch(r"https://[a-z]+\.example\.com", origin): pass'),
    ("index.py", 'if origin in ("https://example.com",): pass'),
    ("index.py", '# if "example.com" in origin: pass'),
)


@pytest.mark.parametrize(("file", "code"), REFLECTS)
def test_an_origin_that_is_sent_back_unchecked_is_seen(file: str, code: str) -> None:
    assert read_origin_checks({file: code}).reflects
    assert not read_origin_checks({file: code}).credentials
    allowed = f'{code}\nh = {{"Access-Control-Allow-Credentials": "true"}}'
    assert read_origin_checks({file: allowed}).credentials


@pytest.mark.parametrize(("file", "code"), CHECKED)
def test_an_origin_that_is_checked_is_not(file: str, code: str) -> None:
    assert not read_origin_checks({file: code}).reflects


@pytest.mark.parametrize(("file", "code", "part"), LOOSE)
def test_a_comparison_with_a_part_is_seen_with_its_line(file: str, code: str, part: str) -> None:
    found = read_origin_checks({"other.js": "", file: f"// first\n\n{code}"})
    assert (found.file, found.line, found.part) == (file, 3, part)


@pytest.mark.parametrize(("file", "code"), EXACT)
def test_a_comparison_of_whole_origins_is_not(file: str, code: str) -> None:
    assert read_origin_checks({file: code}).line == 0


def test_the_origin_null_is_seen() -> None:
    assert read_origin_checks({"index.js": '{"Access-Control-Allow-Origin": "null"}'}).null
    assert not read_origin_checks({"index.js": '{"Access-Control-Allow-Origin": null}'}).null
