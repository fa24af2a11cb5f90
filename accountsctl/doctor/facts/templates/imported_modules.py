"""What code imports: the files that belong to a function, and packages that add no CORS headers by themselves."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping

from accountsctl.model.backend_tool import Framework

_PYTHON = re.compile(
    r"^[^\S\n]*(?:from[^\S\n]+(?P<of>[.\w]+)[^\S\n]+import[^\S\n]+(?P<parts>\([^)]*\)|[^\n#;]+)"
    r"|import[^\S\n]+(?P<names>[\w., \t]+))",
    re.MULTILINE,
)
_JAVASCRIPT = re.compile(r"(?:\brequire\(\s*|\bfrom\s*|\bimport\s*\(?\s*)([\"'`])(?P<name>[^\"'`\n$]+)\1")
_AT_RUN_TIME = re.compile(
    r"\brequire\(\s*(?![\s\"'`])|\bimport\(\s*(?![\s\"'`])|\$\{[^}]*\}[\"'`]\s*\)|\bimportlib\b|__import__"
)
_FRAMEWORKS = {
    r"\baws_lambda_powertools\.event_handler\b": Framework.POWERTOOLS,
    r"\b(?:from|import)\s+fastapi\b": Framework.FASTAPI,
    r"\b(?:from|import)\s+flask\b": Framework.FLASK,
    r"[\"']@middy/core[\"']": Framework.MIDDY,
    r"[\"']@nestjs/core[\"']": Framework.OTHER,
    r"[\"']express[\"']": Framework.EXPRESS,
    r"\b(?:awsgi|apig_wsgi|mangum|serverless_wsgi|chalice|bottle)\b": Framework.OTHER,
    r"@aws-lambda-powertools/event-handler|serverless-http|aws-serverless-express|lambda-api": Framework.OTHER,
    r"@(?:vendia|codegenie)/serverless-express|@fastify/aws-lambda|hono/aws-lambda": Framework.OTHER,
}
"""What names a framework, or an adapter of one, in code."""
_OF_CORS = re.compile(r"cors|access.?control|allow.?origin|cross.?origin", re.IGNORECASE)
_WITHOUT_CORS = re.compile(
    r"(?:aws_lambda_powertools|boto3|botocore|flask|werkzeug|fastapi|starlette|mangum|awsgi|apig_wsgi|serverless_wsgi|chalice"
    r"|bottle|pydantic|requests|sqlalchemy|pymysql|psycopg2?|aws_xray_sdk|jwt|dateutil"
    r"|node:\w+|fs|path|os|url|util|crypto|http|https|stream|buffer|events|zlib|querystring"
    r"|aws-sdk|@aws-sdk/.+|aws-xray-sdk(?:-core)?|@middy/(?!http-cors)[\w-]+|@aws-lambda-powertools/.+"
    r"|serverless-http|aws-serverless-express|@vendia/serverless-express|@codegenie/serverless-express|lambda-api"
    r"|express|fastify|@fastify/aws-lambda|hono|hono/aws-lambda|koa|@koa/router|koa-router|koa-bodyparser|body-parser"
    r"|morgan|helmet|compression|reflect-metadata|@nestjs/(?:common|core|platform-express|config|typeorm|swagger)|cookie-parser|uuid|nanoid|axios|dayjs|moment|lodash|zod|joi|ajv|pg|mysql2|mongoose"
    r"|mongodb|ioredis|jsonwebtoken)"
)
"""Packages that send no CORS header unless code asks them to, in words that have to do with CORS."""


def own_files(files: Mapping[str, str], main: str) -> dict[str, str]:
    """The files (name -> text) that `main` imports, directly or not, and itself; all of them if that is worked out."""
    found: dict[str, str] = {}
    waiting = [main]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = files[name]
        if _AT_RUN_TIME.search(files[name]):
            return dict(files)
        imported = {word for specifier in _imports(name, files[name]) for word in _words(specifier)}
        waiting += [other for other in files if _words_of_file(other) & imported]
    return {name: text for name, text in files.items() if name in found}


def framework_of(files: Mapping[str, str]) -> Framework | None:
    """The framework that answers, by what the files name; None if they name none."""
    code = "\n".join(files.values())
    return next((framework for words, framework in _FRAMEWORKS.items() if re.search(words, code)), None)


def is_framework_without_cors(files: Mapping[str, str]) -> bool:
    """Whether a framework answers, and nothing in the files has to do with CORS: then it sends no CORS header.

    All that they import has to be another of the files, or a package that is known.
    """
    if framework_of(files) is None or any(map(_OF_CORS.search, files.values())):
        return False
    own = {word for name in files for word in (*_words_of_file(name), *name.split("/")[:-1])}
    every = ((name, specifier) for name, text in files.items() for specifier in _imports(name, text))
    return all(_is_known(name, specifier, own) for name, specifier in every) and not any(
        map(_AT_RUN_TIME.search, files.values())
    )


def _is_known(importer: str, specifier: str, own: set[str]) -> bool:
    if specifier.startswith("."):
        return bool(set(_words(specifier)) & own) or not specifier.strip("./")
    if not importer.endswith(".py"):
        return _WITHOUT_CORS.fullmatch(specifier) is not None
    top = specifier.partition(".")[0]
    return top in own or top in sys.stdlib_module_names or _WITHOUT_CORS.fullmatch(top) is not None


def _imports(name: str, text: str) -> Iterator[str]:
    """The modules that a text imports, as they are written; ``package.part`` for a part of one."""
    if not name.endswith(".py"):
        yield from (found["name"] for found in _JAVASCRIPT.finditer(text))
        return
    for found in _PYTHON.finditer(text):
        if found["names"]:
            yield from (part.split()[0] for part in found["names"].split(",") if part.strip())
        else:
            parts = re.findall(r"(\w+)(?:\s+as\s+\w+)?\s*(?:,|$|\))", found["parts"].strip())
            yield from (f"{found['of']}.{part}" for part in parts or [""])


def _words(specifier: str) -> list[str]:
    return re.findall(r"[\w-]+", re.sub(r"\.(?:m|c)?[jt]s$", "", specifier))


def _words_of_file(name: str) -> set[str]:
    """The name by which a file is imported: its own, or its folder's if it stands for that."""
    stem = name.rpartition("/")[2].rpartition(".")[0]
    folder = name.rpartition("/")[0].rpartition("/")[2]
    return {folder} if stem in ("index", "__init__") and folder else {stem}
