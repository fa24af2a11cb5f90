"""Code for pages runs in Node, with a stand-in for the library, and sends the request that it is meant to send."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from accountsctl.doctor.browser.client_library import ClientLibrary
from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.catalogue.client_snippets import _SNIPPETS, client_snippet

URL = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
VERBS = {"get": "GET", "post": "POST", "put": "PUT", "patch": "PATCH", "del": "DELETE", "head": "HEAD"}
TOKEN = "{ toString: () => 'id', getJwtToken: () => 'id' }"
STAND_INS = """
const idToken = "id", apiKey = "key";
globalThis.fetch = async (url, options) => globalThis.sent.push({ url, ...options });
const axios = { request: async (options) => globalThis.sent.push(options) };
const $ = { ajax: async (options) => globalThis.sent.push(options) };
const firstValueFrom = async (value) => value;
const page = { http: { request: (method, url, options) => globalThis.sent.push({ url, method, ...options }) } };
"""
AMPLIFY_5 = f"""
const send = (method) => async (api, url, options) => globalThis.sent.push({{ url, method, ...options }});
export const API = {{ {", ".join(f'{name}: send("{verb}")' for name, verb in VERBS.items())} }};
export const Auth = {{ currentSession: async () => ({{ getIdToken: () => ({TOKEN}) }}) }};
"""
AMPLIFY_6 = f"""
const send = (method) => ({{ path, options }}) =>
  ({{ response: Promise.resolve(globalThis.sent.push({{ url: path, method, ...options }})) }});
{chr(10).join(f'export const {name} = send("{verb}");' for name, verb in VERBS.items())}
"""
AMPLIFY_6_AUTH = f"export const fetchAuthSession = async () => ({{ tokens: {{ idToken: {TOKEN} }} }});"


CASES = [
    (cause, method, library)
    for cause in sorted(set(_SNIPPETS) - {"client.csp"})
    for method in ("POST", "DELETE")
    for library in ClientLibrary
]
EVERY_PAGE = f"""
const sent = [];
for (let number = 0; number < {len(CASES)}; number += 1) {{
  globalThis.sent = [];
  await import(`./page-${{number}}.mjs`);
  sent.push(globalThis.sent[0]);
}}
console.log(JSON.stringify(sent));
"""


@pytest.fixture(scope="module")
def requests(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What the code of each case sends, all of it run by one Node."""
    folder = tmp_path_factory.mktemp("page")
    module = folder / "node_modules" / "aws-amplify"
    module.mkdir(parents=True)
    exports = {".": "./five.mjs", "./api": "./api.mjs", "./auth": "./auth.mjs"}
    (module / "package.json").write_text(json.dumps({"name": "aws-amplify", "exports": exports}))
    for name, text in (("five", AMPLIFY_5), ("api", AMPLIFY_6), ("auth", AMPLIFY_6_AUTH)):
        (module / f"{name}.mjs").write_text(text)
    for number, (cause, method, library) in enumerate(CASES):
        ask = PageRequest("https://app.example.com", "/items", method, URL, library=library)
        (folder / f"page-{number}.mjs").write_text(program(client_snippet(cause, ask)))
    (folder / "pages.mjs").write_text(EVERY_PAGE)
    done = subprocess.run(["node", "pages.mjs"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def program(code: str) -> str:
    """The code as a page of its own."""
    imports = "\n".join(line for line in code.splitlines() if line.startswith("import "))
    rest = "\n".join(line for line in code.splitlines() if not line.startswith("import "))
    return f"{imports}\n{STAND_INS}\nawait (async function () {{\n{rest}\n}}).call(page);\n"


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(case))
def test_the_code_sends_the_request_with_what_was_lacking(
    requests: list[dict[str, Any]], case: tuple[str, str, ClientLibrary]
) -> None:
    cause, method, library = case
    request = requests[CASES.index(case)]
    assert request["url"] == ("/items" if library.is_amplify else URL)
    assert request["method"] == method
    if cause == "auth.api-key":
        assert request["headers"] == {"x-api-key": "key"}
    elif cause.startswith("auth."):
        assert request["headers"]["Authorization"].removeprefix("Bearer ") == "id"
    elif cause != "acam.case":
        cookies = request.get("xhrFields", request)
        assert cookies.get("withCredentials", False) is False
        assert cookies.get("credentials", "omit") == "omit"
