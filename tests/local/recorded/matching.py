"""Compares an answer of the embedded cloud with the one that was recorded on AWS."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from accountsctl.localcloud.contracts.lookups import ACCOUNT

RECORDED_ACCOUNT = "111111111111"
_PLACEHOLDER = re.compile(r"<([\w -]+?)(:\d+)?>")
# What CloudFront adds in front of an API, and what belongs to the connection.
_ASIDE = re.compile(
    r"(?i)cloudfront-.*|via|x-amz-cf-.*|x-cache|connection|content-length|date|server|keep-alive"
)


class Matcher:
    """Compares the answers of one sequence; a numbered placeholder has one value, which no other of its kind has."""

    def __init__(self) -> None:
        self._bound: dict[str, str] = {}

    def differences(self, recorded: Any, actual: Any, place: str = "") -> Iterator[str]:
        """What differs, each with its place."""
        if isinstance(recorded, str) and (recorded == "datetime" or recorded == place.rpartition(".")[2]):
            return
        if isinstance(recorded, str) and (whole := _PLACEHOLDER.fullmatch(recorded)) and not whole[2]:
            return
        if isinstance(recorded, dict | list) and isinstance(actual, str):
            actual = _parsed(actual)
        if isinstance(recorded, dict) and isinstance(actual, dict):
            yield from self._objects(recorded, actual, place)
        elif isinstance(recorded, list) and isinstance(actual, list):
            if len(recorded) != len(actual):
                yield f"{place}: {len(recorded)} on AWS, {len(actual)} here"
            for number, (one, other) in enumerate(zip(recorded, actual, strict=False)):
                yield from self.differences(one, other, f"{place}[{number}]")
        elif isinstance(recorded, str) and isinstance(actual, str):
            if not self._texts(recorded, actual.replace(ACCOUNT, RECORDED_ACCOUNT)):
                yield f"{place}: {recorded!r} on AWS, {actual!r} here"
        elif recorded != actual or isinstance(recorded, bool) != isinstance(actual, bool):
            yield f"{place}: {recorded!r} on AWS, {actual!r} here"

    def _objects(self, recorded: dict[str, Any], actual: dict[str, Any], place: str) -> Iterator[str]:
        for name in sorted({*recorded, *actual}):
            if _ASIDE.fullmatch(name) and place.lower().endswith("headers"):
                continue
            if name not in actual:
                yield f"{place}.{name}: {recorded[name]!r} on AWS, missing here"
            elif name not in recorded:
                yield f"{place}.{name}: missing on AWS, {actual[name]!r} here"
            else:
                yield from self.differences(recorded[name], actual[name], f"{place}.{name}")

    def _texts(self, recorded: str, actual: str) -> bool:
        pattern, names = "", list[str]()
        at = 0
        for found in _PLACEHOLDER.finditer(recorded):
            pattern += re.escape(recorded[at : found.start()])
            at = found.end()
            if found[0] in self._bound:
                pattern += re.escape(self._bound[found[0]])
            elif found[0] in names:
                pattern += f"(?P=p{names.index(found[0])})"
            elif found[2]:
                pattern += f"(?P<p{len(names)}>.+)"
                names.append(found[0])
            else:
                pattern += ".+"
        matched = re.fullmatch(pattern + re.escape(recorded[at:]), actual, re.DOTALL)
        if matched is None:
            return False
        found_now = {name: matched[f"p{number}"] for number, name in enumerate(names)}
        if any(self._is_of_another(name, value) for name, value in found_now.items()):
            return False
        self._bound.update(found_now)
        return True

    def _is_of_another(self, placeholder: str, value: str) -> bool:
        kind = placeholder.partition(":")[0]
        return any(
            known != placeholder and known.partition(":")[0] == kind and bound == value
            for known, bound in self._bound.items()
        )


def plain(answer: Any) -> Any:
    """boto3's answer as the recordings have it: no times, of the metadata the status alone."""
    if isinstance(answer, dict):
        kept = {name: plain(value) for name, value in answer.items() if name != "ResponseMetadata"}
        if "ResponseMetadata" in answer:
            kept["ResponseMetadata"] = {"HTTPStatusCode": answer["ResponseMetadata"]["HTTPStatusCode"]}
        return kept
    if isinstance(answer, list):
        return [plain(item) for item in answer]
    return "datetime" if isinstance(answer, datetime) else answer


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
