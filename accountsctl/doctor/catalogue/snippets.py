"""Code to paste for the causes that only the function's code can fix, in the language that was seen."""

from __future__ import annotations

from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.model.backend_tool import Language
from accountsctl.model.http_methods import METHODS

_ONE_HELPER = {
    Language.PYTHON: """import json

HEADERS = {"Access-Control-Allow-Origin": "{origin}", "Vary": "Origin"{credentials}}

def respond(status, body):
    return {"statusCode": status, "headers": HEADERS, "body": json.dumps(body)}

# then, everywhere: return respond(200, items); return respond(404, {"message": "not found"})""",
    Language.JAVASCRIPT: """const headers = {"Access-Control-Allow-Origin": "{origin}", "Vary": "Origin"{credentials}};
const respond = (statusCode, body) => ({ statusCode, headers, body: JSON.stringify(body) });

// then, everywhere: return respond(200, items); return respond(404, { message: "not found" });""",
    Language.GO: """var headers = map[string]string{
	"Access-Control-Allow-Origin": "{origin}", "Vary": "Origin"{credentials}}

func respond(status int, body any) (events.APIGatewayProxyResponse, error) {
	text, err := json.Marshal(body)
	return events.APIGatewayProxyResponse{StatusCode: status, Headers: headers, Body: string(text)}, err
}

// then, everywhere: return respond(200, items); return respond(404, map[string]string{"message": "not found"})""",
    Language.JAVA: """static final Map<String, String> HEADERS =
    Map.of("Access-Control-Allow-Origin", "{origin}", "Vary", "Origin"{credentials});

static APIGatewayProxyResponseEvent respond(int status, String json) {
    return new APIGatewayProxyResponseEvent().withStatusCode(status).withHeaders(HEADERS).withBody(json);
}

// then, everywhere: return respond(200, json); return respond(404, "{\\"message\\": \\"not found\\"}");""",
    Language.CSHARP: """static readonly Dictionary<string, string> Headers = new()
    { {"Access-Control-Allow-Origin", "{origin}"}, {"Vary", "Origin"}{credentials} };

static APIGatewayProxyResponse Respond(int status, object body) =>
    new() { StatusCode = status, Headers = Headers, Body = JsonSerializer.Serialize(body) };

// then, everywhere: return Respond(200, items); return Respond(404, new { message = "not found" });""",
}
_OPTIONS = {
    Language.PYTHON: """if (event.get("httpMethod") or event["requestContext"]["http"]["method"]) == "OPTIONS":
    return {"statusCode": 204, "headers": {
        "Access-Control-Allow-Origin": "{origin}",
        "Access-Control-Allow-Methods": "{methods}",
        "Access-Control-Allow-Headers": "{headers}"{credentials}}}""",
    Language.JAVASCRIPT: """if ((event.httpMethod ?? event.requestContext.http.method) === "OPTIONS")
  return { statusCode: 204, headers: {
    "Access-Control-Allow-Origin": "{origin}",
    "Access-Control-Allow-Methods": "{methods}",
    "Access-Control-Allow-Headers": "{headers}"{credentials} } };""",
    Language.GO: """if request.HTTPMethod == "OPTIONS" {
	return events.APIGatewayProxyResponse{StatusCode: 204, Headers: map[string]string{
		"Access-Control-Allow-Origin":  "{origin}",
		"Access-Control-Allow-Methods": "{methods}",
		"Access-Control-Allow-Headers": "{headers}"{credentials}}}, nil
}""",
    Language.JAVA: """if ("OPTIONS".equals(request.getHttpMethod()))
    return new APIGatewayProxyResponseEvent().withStatusCode(204).withHeaders(Map.of(
        "Access-Control-Allow-Origin", "{origin}",
        "Access-Control-Allow-Methods", "{methods}",
        "Access-Control-Allow-Headers", "{headers}"{credentials}));""",
    Language.CSHARP: """if (request.HttpMethod == "OPTIONS")
    return new APIGatewayProxyResponse { StatusCode = 204, Headers = new Dictionary<string, string> {
        {"Access-Control-Allow-Origin", "{origin}"},
        {"Access-Control-Allow-Methods", "{methods}"},
        {"Access-Control-Allow-Headers", "{headers}"}{credentials} } };""",
}
_WITH_CREDENTIALS = {
    Language.PYTHON: ', "Access-Control-Allow-Credentials": "true"',
    Language.JAVASCRIPT: ', "Access-Control-Allow-Credentials": "true"',
    Language.GO: ', "Access-Control-Allow-Credentials": "true"',
    Language.JAVA: ', "Access-Control-Allow-Credentials", "true"',
    Language.CSHARP: ', {"Access-Control-Allow-Credentials", "true"}',
}
_SNIPPETS = {
    "acao.missing-actual": _ONE_HELPER,
    "acao.missing-error-path": _ONE_HELPER,
    "preflight.proxy-any-lambda": _OPTIONS,
}
_LANGUAGES = {
    "py": Language.PYTHON,
    "js": Language.JAVASCRIPT,
    "mjs": Language.JAVASCRIPT,
    "cjs": Language.JAVASCRIPT,
    "ts": Language.JAVASCRIPT,
    "go": Language.GO,
    "java": Language.JAVA,
    "cs": Language.CSHARP,
}


def language_of(source: str) -> Language | None:
    """The language of a source file (``index.py``, with its line or without); None if it is not known."""
    return _LANGUAGES.get(source.partition(":")[0].rpartition(".")[2].lower())


def snippet(cause: str, language: Language | None, ask: PageRequest) -> str:
    """The code for a cause in a language, for the request that was asked about. Empty if there is none."""
    if language is None:
        return ""
    text = _SNIPPETS.get(cause, {}).get(language, "")
    credentials = _WITH_CREDENTIALS[language] if ask.credentials else ""
    values = {
        "origin": ask.origin,
        "methods": ",".join(allowed_methods(ask)),
        "headers": ",".join(allowed_headers(ask)),
        "credentials": credentials,
    }
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def allowed_methods(ask: PageRequest) -> tuple[str, ...]:
    """The methods to allow: all that are usual, not only the one that was asked for, which would exclude the others."""
    return tuple(sorted({*METHODS, "OPTIONS", ask.request.method} - {"HEAD"}))


def allowed_headers(ask: PageRequest) -> tuple[str, ...]:
    """The headers to allow: those of the request, and those that most pages send."""
    return tuple(sorted({"authorization", "content-type", *ask.names()}))
