"""How `doctor cors` grows: templates by methods, APIs, permissions and lines of code, recordings by entries and
by size, and bombs that it has to refuse.

    python bench/doctor_scale.py [--quick]

Each input is made in a temporary folder and read by a process of its own. Printed: seconds, the process's largest
memory, its exit code, and the ratio to the processor's seconds for an input of half the size (2.0 is linear;
start-up makes it less). The processor's seconds are the same on a machine that is busy.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # for `bench`, which is not installed

from bench.sample import OURS

ORIGIN = "https://app.example.com"
HOST = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev"
ALLOWED = {"access-control-allow-origin": "*", "access-control-allow-headers": "authorization"}
LONGEST = 120.0
"""Seconds after which a run is stopped."""


@dataclass(frozen=True)
class Run:
    """What one process took: seconds by the clock and of the processor, its largest memory in MB, and its exit code.

    `code` is None if it was stopped.
    """

    seconds: float
    processor: float
    megabytes: float
    code: int | None


Resources = dict[str, object]
MOCK = {"Type": "MOCK", "RequestTemplates": {"application/json": '{"statusCode": 200}'}}
PROXY = {
    "Type": "AWS_PROXY",
    "IntegrationHttpMethod": "POST",
    "Uri": {
        "Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Items.Arn}/invocations"
    },
}
ANSWER = "({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' }, body: '' })"


def resource(kind: str, **properties: object) -> Resources:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def rest_api(number: int = 0) -> Resources:
    return {f"Api{number}": resource("ApiGateway::RestApi", Name=f"api{number}")}


def path(number: int, get: object, api: int = 0) -> Resources:
    """A path of an API with GET and its OPTIONS."""
    owner = {"RestApiId": {"Ref": f"Api{api}"}}
    root = {"Fn::GetAtt": [f"Api{api}", "RootResourceId"]}
    made = {f"R{number}": resource("ApiGateway::Resource", **owner, ParentId=root, PathPart=f"items{number}")}
    for verb, integration in (("GET", get), ("OPTIONS", MOCK)):
        made[f"M{number}{verb}"] = resource(
            "ApiGateway::Method",
            **owner,
            ResourceId={"Ref": f"R{number}"},
            HttpMethod=verb,
            AuthorizationType="NONE",
            Integration=integration,
        )
    return dict(made)


def function(code: str = f"exports.handler = async () => {ANSWER};") -> Resources:
    return {
        "Items": resource(
            "Lambda::Function",
            Runtime="nodejs22.x",
            Handler="index.handler",
            Role="arn:aws:iam::123456789012:role/items",
            Code={"ZipFile": code},
        )
    }


def permission(name: str, source: str) -> Resources:
    return {
        name: resource(
            "Lambda::Permission",
            Action="lambda:InvokeFunction",
            FunctionName={"Ref": "Items"},
            Principal="apigateway.amazonaws.com",
            SourceArn={"Fn::Sub": "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:" + source},
        )
    }


def written(*parts: Resources) -> str:
    return json.dumps({"Resources": {name: stated for part in parts for name, stated in part.items()}})


def template(methods: int) -> str:
    """A REST API with so many methods."""
    return written(rest_api(), *(path(number, MOCK) for number in range(methods // 2)))


def apis(count: int) -> str:
    """So many REST APIs with a path each, of one function."""
    every = (part for number in range(count) for part in (rest_api(number), path(number, PROXY, number)))
    return written(function(), permission("May", "*"), *every)


def permissions(count: int) -> str:
    """A REST API with so many paths of one function, which has a permission for each of them."""
    every = (
        part
        for number in range(count)
        for part in (
            path(number, PROXY),
            permission(f"May{number}", "${Api0}/*/GET/items" + str(number)),
        )
    )
    return written(function(), rest_api(), *every)


def code(lines: int) -> str:
    """A function of so many lines, all but two of them empty."""
    text = f"exports.handler = async () => {{{chr(10) * lines}  return {ANSWER};\n}};\n"
    return written(function(text), rest_api(), path(0, PROXY), permission("May", "*"))


def recording(entries: int, body: int = 0) -> str:
    """A recording of pairs of a preflight and a GET that fails, each answer with a body of so many bytes."""
    log: list[object] = []
    for number in range(entries // 2):
        url = f"{HOST}/items/{number}"
        asked = {"access-control-request-method": "GET", "access-control-request-headers": "authorization"}
        log.append(_entry("OPTIONS", url, 204, asked, ALLOWED))
        log.append(_entry("GET", url, 500, {"authorization": "Bearer x"}, {}, "x" * body))
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "WebInspector"}, "entries": log}})


def _entry(
    method: str, url: str, status: int, sent: dict[str, str], answered: dict[str, str], body: str = ""
) -> dict[str, object]:
    headers = [{"name": name, "value": value} for name, value in {"origin": ORIGIN, **sent}.items()]
    response = {
        "status": status,
        "headers": [{"name": name, "value": value} for name, value in answered.items()],
        "content": {"text": body},
    }
    return {"time": 1, "request": {"method": method, "url": url, "headers": headers}, "response": response}


def anchors(depth: int) -> str:
    """A YAML document whose aliases, if they were copied, would be 9 ** depth parts."""
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x]"]
    for number in range(1, depth):
        lines.append(f"a{number}: &a{number} [{','.join([f'*a{number - 1}'] * 9)}]")
    return "\n".join([*lines, "Resources: {}"])


def inputs(*, quick: bool) -> Iterator[tuple[str, str, str, str | None]]:
    """Each input: its name, the flag, its text, and the name of the one of half its size."""
    for methods in (250, 500) if quick else (500, 1000):
        yield f"{methods} methods", "--template", template(methods), f"{methods // 2} methods"
    for count in (75, 150) if quick else (150, 300):
        yield f"{count} APIs", "--template", apis(count), f"{count // 2} APIs"
    for count in (150, 300) if quick else (300, 600):
        yield f"{count} permissions", "--template", permissions(count), f"{count // 2} permissions"
    for lines in (20_000, 40_000) if quick else (40_000, 80_000):
        yield f"{lines} lines", "--template", code(lines), f"{lines // 2} lines"
    for entries in (1000, 2000) if quick else (5000, 10000):
        yield f"{entries} entries", "--har", recording(entries), f"{entries // 2} entries"
    for megabytes in (5, 10) if quick else (50, 100):
        body = megabytes * 1024 * 1024 // 500
        yield f"{megabytes} MB", "--har", recording(1000, body), f"{megabytes // 2} MB"
    yield "YAML bomb", "--template", anchors(12), None
    yield "deep JSON", "--har", "[" * 200_000, None


def run(words: list[str], folder: Path) -> Run:
    """One process, with its own largest memory."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [OURS, *words], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while True:
        done, status, usage = os.wait4(process.pid, os.WNOHANG)
        seconds = time.perf_counter() - started
        if done:
            process.returncode = os.waitstatus_to_exitcode(status)
            return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode)
        if seconds > LONGEST:
            process.kill()
            process.wait()
            return Run(seconds, 0, 0, None)
        time.sleep(0.01)


def main() -> None:
    """Make the inputs and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="Small inputs.")
    asked = parser.parse_args()
    known: dict[str, Run] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, flag, text, half in inputs(quick=asked.quick):
            file = folder / f"{title.replace(' ', '-')}.{'har' if flag == '--har' else 'yaml'}"
            file.write_text(text)
            found = known[title] = run(["doctor", "cors", flag, file.name, "--json"], folder)
            before = known.get(half or "")
            ratio = f"{found.processor / before.processor:5.2f} x" if before and before.processor else ""
            took = f"{found.processor:7.2f} s of the processor, {found.seconds:7.2f} s"
            print(f"{title:<16}{took} {found.megabytes:7.0f} MB  exit {found.code}  {ratio}", flush=True)


if __name__ == "__main__":
    main()
