"""What a front end needs to know of a deployed environment, in the shapes that front ends read.

`amplify-outputs` is what `Amplify.configure` of aws-amplify v6 takes as it is. Of the shapes that it accepts,
its own `ResourcesConfig` is the only one that can name a REST API *and* the endpoint of a user pool: its
parser drops REST APIs from a file with a ``version``, and endpoints from aws-exports (parseAmplifyOutputs.mjs,
parseAWSExports.mjs in @aws-amplify/core). So the file has the keys ``Auth`` and ``API``, no ``version``, and
beside them the sections `auth` and `custom` of amplify_outputs.json for whoever reads those.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from accountsctl.formats.frontend.api_template import authorizations
from accountsctl.formats.frontend.cors import allowed
from accountsctl.formats.json_writer import report_text
from accountsctl.model.api_gateway import AuthorizationType
from accountsctl.model.errors import UsageError

Outputs = Mapping[str, Mapping[str, str]]
_PLAIN = re.compile(r"[A-Za-z0-9_.:/@%+,=?&~*-]*")
_EXPANDED = re.compile(r'["\\$`\r\n]')
AUTHORIZATIONS: Mapping[str, str] = {
    AuthorizationType.COGNITO: "AMAZON_COGNITO_USER_POOLS",
}


class Format(StrEnum):
    """The shapes of an export."""

    AMPLIFY_OUTPUTS = "amplify-outputs"
    AWS_EXPORTS = "aws-exports"
    DOTENV = "dotenv"
    JSON = "json"


@dataclass(frozen=True)
class Deployed:
    """A deployed environment. `endpoint` is the embedded cloud's, or None on AWS; `templates` are those of
    the nested stacks, by ``category/name``."""

    environment: str
    region: str
    outputs: Outputs
    templates: Mapping[str, Mapping[str, Any]]
    endpoint: str | None = None


def exported(deployed: Deployed, shape: Format) -> str:
    """The export's text."""
    match shape:
        case Format.AMPLIFY_OUTPUTS:
            return report_text(amplify_outputs(deployed))
        case Format.AWS_EXPORTS:
            return f"const awsmobile = {report_text(aws_exports(deployed)).rstrip()};\n\nexport default awsmobile;\n"
        case Format.DOTENV:
            return "".join(_line(name, value) for name, value in sorted(_variables(deployed).items()))
        case Format.JSON:
            return report_text(
                {"environment": deployed.environment, "region": deployed.region, "outputs": deployed.outputs}
            )


def amplify_outputs(deployed: Deployed) -> dict[str, Any]:
    """The object for `Amplify.configure`."""
    pool, rest = _pool(deployed), {api["name"]: _rest(api) for api in _apis(deployed)}
    cognito = {
        "userPoolId": pool.get("UserPoolId"),
        "userPoolClientId": pool.get("AppClientIDWeb") or pool.get("AppClientID"),
        "identityPoolId": pool.get("IdentityPoolId"),
        "userPoolEndpoint": deployed.endpoint,
        "identityPoolEndpoint": deployed.endpoint if pool.get("IdentityPoolId") else None,
    }
    auth = {
        "aws_region": deployed.region,
        "user_pool_id": cognito["userPoolId"],
        "user_pool_client_id": cognito["userPoolClientId"],
        "identity_pool_id": cognito["identityPoolId"],
    }
    return {
        **({"Auth": {"Cognito": _present(cognito)}} if pool else {}),
        **({"API": {"REST": rest}} if rest else {}),
        **({"auth": _present(auth)} if pool else {}),
        "custom": {
            "API": [{**api, **_cors(deployed, api["name"])} for api in _apis(deployed)],
            "outputs": _custom(deployed),
        },
    }


def aws_exports(deployed: Deployed) -> dict[str, Any]:
    """The object of Gen 1's aws-exports.js, with the true authorization of each API."""
    pool = _pool(deployed)
    return _present(
        {
            "aws_project_region": deployed.region,
            "aws_cognito_region": deployed.region if pool else None,
            "aws_user_pools_id": pool.get("UserPoolId"),
            "aws_user_pools_web_client_id": pool.get("AppClientIDWeb") or pool.get("AppClientID"),
            "aws_cognito_identity_pool_id": pool.get("IdentityPoolId"),
            "aws_cloud_logic_custom": _apis(deployed) or None,
            "custom": _custom(deployed) or None,
        }
    )


def _pool(deployed: Deployed) -> Mapping[str, str]:
    """The outputs of the auth resource; the first, where there are several."""
    return next((output for name, output in deployed.outputs.items() if name.startswith("auth/")), {})


def _apis(deployed: Deployed) -> list[dict[str, Any]]:
    return [
        _present(
            {
                "name": resource.removeprefix("api/"),
                "endpoint": output["RootUrl"],
                "region": deployed.region,
                "authorizationType": _authorization(deployed.templates.get(resource, {})),
            }
        )
        for resource, output in deployed.outputs.items()
        if resource.startswith("api/") and "RootUrl" in output
    ]


def _cors(deployed: Deployed, api: str) -> dict[str, Any]:
    """What the API's preflights allow, for clients that can do more than every API takes; nothing where unknown."""
    return _present({"cors": allowed(deployed.templates.get(f"api/{api}", {})) or None})


def _rest(api: Mapping[str, Any]) -> dict[str, Any]:
    return {"endpoint": api["endpoint"], "region": api["region"]}


def _authorization(template: Mapping[str, Any]) -> str | None:
    """How the API's methods authorize; several kinds are all named; None if the template does not tell."""
    kinds = authorizations(template)
    return None if kinds is None else ",".join(sorted(AUTHORIZATIONS.get(kind, kind) for kind in kinds))


def _custom(deployed: Deployed) -> dict[str, Mapping[str, str]]:
    """The outputs of everything that is neither auth nor api, which Gen 1 left out; ARNs of secrets stay here."""
    return {
        name: {key: value for key, value in output.items() if "secret" not in key.lower()}
        for name, output in deployed.outputs.items()
        if not name.startswith(("auth/", "api/"))
    }


def _variables(deployed: Deployed) -> dict[str, str]:
    found = {"AWS_REGION": deployed.region, "ACCOUNTSCTL_ENVIRONMENT": deployed.environment}
    for resource, output in deployed.outputs.items():
        for key, value in output.items():
            found[f"{resource.replace('/', '_')}_{key}".upper()] = value
    if deployed.endpoint:
        found["AWS_ENDPOINT_URL"] = deployed.endpoint
    return found


def _line(name: str, value: str) -> str:
    """A line of a .env file. Single quotes keep everything as it is, also a line's end; double ones need care."""
    if _PLAIN.fullmatch(value):
        return f"{name}={value}\n"
    if "'" not in value:
        return f"{name}='{value}'\n"
    if not _EXPANDED.search(value):
        return f'{name}="{value}"\n'
    raise UsageError(
        f"The value of {name} cannot be written to a .env file.",
        why="It holds single quotes beside characters that readers expand, and no two readers agree on those.",
        hint="Take another format: --format json",
    )


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
