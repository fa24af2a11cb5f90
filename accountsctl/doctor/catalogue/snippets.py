"""Code to paste for the causes that only the function's code can fix, in the language that was seen."""

from __future__ import annotations

_ONE_HELPER = {
    "py": """HEADERS = {"Access-Control-Allow-Origin": "{origin}", "Vary": "Origin"}

def respond(status, body):
    return {"statusCode": status, "headers": HEADERS, "body": json.dumps(body)}

# then, everywhere: return respond(200, items); return respond(404, {"message": "not found"})""",
    "js": """const headers = {"Access-Control-Allow-Origin": "{origin}", "Vary": "Origin"};
const respond = (statusCode, body) => ({ statusCode, headers, body: JSON.stringify(body) });

// then, everywhere: return respond(200, items); return respond(404, { message: "not found" });""",
}
_OPTIONS = {
    "py": """if (event.get("httpMethod") or event["requestContext"]["http"]["method"]) == "OPTIONS":
    return {"statusCode": 204, "headers": {
        "Access-Control-Allow-Origin": "{origin}",
        "Access-Control-Allow-Methods": "{methods}",
        "Access-Control-Allow-Headers": "{headers}"}}""",
    "js": """if ((event.httpMethod ?? event.requestContext.http.method) === "OPTIONS")
  return { statusCode: 204, headers: {
    "Access-Control-Allow-Origin": "{origin}",
    "Access-Control-Allow-Methods": "{methods}",
    "Access-Control-Allow-Headers": "{headers}" } };""",
}
_SNIPPETS = {
    "acao.missing-actual": _ONE_HELPER,
    "acao.missing-error-path": _ONE_HELPER,
    "preflight.proxy-any-lambda": _OPTIONS,
}
_LANGUAGES = {"py": "py", "js": "js", "mjs": "js", "cjs": "js", "ts": "js"}


def snippet(cause: str, source: str, values: dict[str, str]) -> str:
    """The code for a cause in the language of a source file (``index.py``, with its line or without).

    `values` are the origin, methods and headers to put in. Empty if there is none, or the language is not known.
    """
    extension = source.partition(":")[0].rpartition(".")[2].lower()
    text = _SNIPPETS.get(cause, {}).get(_LANGUAGES.get(extension, ""), "")
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
