"""What a page calls its API with: its package.json, or the requests that it sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from accountsctl.adapters.project_files.page_library import page_library
from accountsctl.doctor.browser.client_library import ClientLibrary, library_of_package, library_of_request


@pytest.mark.parametrize(
    ("dependencies", "library"),
    [
        ({"aws-amplify": "^6.22.1"}, ClientLibrary.AMPLIFY_6),
        ({"aws-amplify": "~5.3.11", "axios": "1.7.0"}, ClientLibrary.AMPLIFY_5),
        ({"aws-amplify": "latest"}, ClientLibrary.AMPLIFY_6),
        ({"aws-amplify": ">=4.0.0 <5"}, ClientLibrary.AMPLIFY_5),
        ({"aws-amplify": "10.0.0"}, ClientLibrary.AMPLIFY_6),
        ({"axios": "^1"}, ClientLibrary.AXIOS),
        ({"react": "^19"}, None),
    ],
)
def test_a_package_names_its_library(dependencies: dict[str, str], library: ClientLibrary | None) -> None:
    assert library_of_package(json.dumps({"dependencies": dependencies})) is library


@pytest.mark.parametrize("text", ["", "[]", "{", '{"dependencies": []}', '{"dependencies": null}'])
def test_a_package_that_is_none_names_nothing(text: str) -> None:
    assert library_of_package(text) is None


@pytest.mark.parametrize(
    ("agent", "initiators", "library"),
    [
        ("aws-amplify/5.0.4 js", "", ClientLibrary.AMPLIFY_5),
        ("aws-amplify/6.0.16 api/1 framework/2", "axios.js", ClientLibrary.AMPLIFY_6),
        ("", "http://localhost/node_modules/aws-amplify/dist/index.js get", ClientLibrary.AMPLIFY_6),
        ("", "http://localhost/node_modules/.vite/deps/axios.js load", ClientLibrary.AXIOS),
        ("", "main.js dispatchXhrRequest", ClientLibrary.AXIOS),
        ("", "main.js load", None),
    ],
)
def test_a_request_shows_its_library(agent: str, initiators: str, library: ClientLibrary | None) -> None:
    assert library_of_request({"x-amz-user-agent": agent}, initiators) is library


def test_the_page_may_be_in_a_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "package.json").write_text('{"dependencies": {"axios": "1"}}')
    assert page_library(tmp_path) is ClientLibrary.AXIOS
    assert page_library(tmp_path / "web") is ClientLibrary.AXIOS
    assert page_library(tmp_path / "none") is None
