"""Any template and any recording ends in a diagnosis or in a fault of the file, never in a crash."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.facts.templates import read_templates
from accountsctl.model.errors import AccountsctlError
from tests.faults.hiding import body_of, diagnosed
from tests.unit.commands.doctor.recordings import ALLOWED, entry, preflight

HEALTHY = sorted((Path(__file__).parents[3] / "data" / "doctor" / "healthy").iterdir())
RECORDING = {
    "log": {
        "creator": {"name": "WebInspector"},
        "entries": [
            preflight(),
            entry(answered={**ALLOWED, "location": "/b"}, status=302, sent={"authorization": "Bearer x"}),
            entry(url="https://api.example.com/b", status=401, answered={"x-amzn-errortype": "Unauthorized"}),
        ],
    }
}
TEXTS = ("", "a", "${X}", "*", "Ref", "://", "http://[", "{", "200", "GET /", "\x00", "é", "a" * 300)
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 10**9),
    st.floats(allow_nan=False),
    st.sampled_from(TEXTS),
    st.lists(st.sampled_from(TEXTS), max_size=3),
    st.dictionaries(
        st.sampled_from((*TEXTS, "Fn::If", "Fn::Sub", "Fn::Join")), st.sampled_from(TEXTS), max_size=2
    ),
)
FUZZED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def mutated(value: Any, data: st.DataObject) -> Any:
    """A value with something odd in the place of one to three of its parts."""
    made = copy.deepcopy(value)
    for _ in range(data.draw(st.integers(1, 3))):
        here, last = made, None
        while isinstance(here, dict | list) and here:
            keys = list(here) if isinstance(here, dict) else list(range(len(here)))
            key = data.draw(st.sampled_from(keys))
            last, above = key, here
            here = here[key]
            if data.draw(st.integers(0, 5)) == 0:
                break
        if last is not None:
            above[last] = data.draw(ODD)
    return made


@FUZZED
@given(st.data())
def test_no_template_makes_the_doctor_fail(data: st.DataObject) -> None:
    body = body_of(data.draw(st.sampled_from(HEALTHY)))
    asked = body["Metadata"]
    made = mutated({key: part for key, part in body.items() if key != "Metadata"}, data)
    try:
        apis = read_templates({"template.json": json.dumps(made)})
    except AccountsctlError:
        return
    diagnosed({"Metadata": asked}, apis)


@FUZZED
@given(st.data())
def test_no_recording_makes_the_doctor_fail(data: st.DataObject) -> None:
    made = mutated(RECORDING, data)
    try:
        from_recording(json.dumps(made), "page.har")
    except AccountsctlError:
        return


@FUZZED
@given(st.text(max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    for read in (lambda: read_templates({"a.yaml": text}), lambda: from_recording(text, "page.har")):
        try:
            read()
        except AccountsctlError:
            continue
