"""AWS's models, read in less memory: what botocore and moto read from them stays the same."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import JSONFileLoader, Loader

from accountsctl.localcloud.moto_services import service_models
from accountsctl.localcloud.moto_services.service_models import LeanFileLoader, lean, merge

MODEL = {
    "shapes": {"Name": {"type": "string"}},
    "operations": {
        "List": {"name": "List", "http": {"requestUri": "/{Bucket}"}, "errors": [{"shape": "Name"}]}
    },
}
EXTRAS = {"merge": {"shapes": {"Name": {"max": 3}, "Own": {"type": "string"}}}}


class ExtendedLoader(Loader):
    """A loader with extras of its own, as moto's."""

    BUILTIN_EXTRAS_TYPES = ["own"]


def written(folder: Path) -> Path:
    """The folder of a service's model, and of extras of the type `own`."""
    service = folder / "things" / "2020-01-01"
    service.mkdir(parents=True)
    (service / "service-2.json").write_text(json.dumps(MODEL))
    (service / "service-2.own-extras.json").write_text(json.dumps(EXTRAS))
    return folder


def loaded(kind: type[Loader], folder: Path) -> Any:
    service_models.install()
    loader = kind(extra_search_paths=[str(folder)], include_default_search_paths=False)
    return loader.load_service_model("things", "service-2")


def test_a_model_is_parsed_once_for_all_loaders(tmp_path: Path) -> None:
    folder = written(tmp_path)
    first, second = loaded(Loader, folder), loaded(Loader, folder)
    assert first["shapes"] is second["shapes"]
    assert first["operations"]["List"]["errors"] is second["operations"]["List"]["errors"]


def test_a_path_that_botocore_rewrites_stays_for_other_loaders(tmp_path: Path) -> None:
    folder = written(tmp_path)
    loaded(Loader, folder)["operations"]["List"]["http"]["requestUri"] = "/"
    assert loaded(Loader, folder) == MODEL


def test_extras_of_one_loader_do_not_reach_another_one(tmp_path: Path) -> None:
    folder = written(tmp_path)
    extended = loaded(ExtendedLoader, folder)
    assert extended["shapes"] == {"Name": {"type": "string", "max": 3}, "Own": {"type": "string"}}
    assert loaded(Loader, folder) == MODEL
    assert loaded(ExtendedLoader, folder) == extended


def test_merging_adds_and_replaces_below_and_leaves_what_was_there() -> None:
    below = {"x": 1, "kept": [1]}
    base: dict[str, Any] = {"a": below, "b": {"c": 1}, "d": 4}
    merge(base, {"a": {"x": {"y": 2}}, "b": 3, "e": {"f": 5}})
    assert base == {"a": {"x": {"y": 2}, "kept": [1]}, "b": 3, "d": 4, "e": {"f": 5}}
    assert below == {"x": 1, "kept": [1]}


def test_documentation_is_left_out_and_a_member_of_that_name_stays() -> None:
    text = '{"documentation": "<p>long</p>", "members": {"documentation": {"shape": "Text", "documentation": "x"}}}'
    assert json.loads(text, object_pairs_hook=lean) == {"members": {"documentation": {"shape": "Text"}}}


@pytest.mark.slow
def test_everything_but_documentation_is_what_botocore_reads() -> None:
    for service in ("sts/2011-06-15", "s3/2006-03-01"):
        path = str(Path(Loader.BUILTIN_DATA_PATH) / service / "service-2")
        shared = LeanFileLoader().load_file(path)  # by every loader of this process
        read = copy.deepcopy(shared)
        for option in read.get("clientContextParams", {}).values():
            assert option.pop("documentation") == ""  # botocore requires it
        assert read == undocumented(JSONFileLoader().load_file(path))
    assert LeanFileLoader().load_file(f"{Loader.BUILTIN_DATA_PATH}/s3/missing") is None


def undocumented(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: undocumented(below)
            for name, below in value.items()
            if name != "documentation" or not isinstance(below, str)
        }
    return [undocumented(below) for below in value] if isinstance(value, list) else value
