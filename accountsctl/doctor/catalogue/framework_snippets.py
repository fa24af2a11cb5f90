"""The CORS configuration of a framework that was seen, for the causes that an application's code fixes.

Sources: expressjs.com/en/resources/middleware/cors, middy.js.org/docs/middlewares/http-cors, flask-cors.readthedocs.io,
fastapi.tiangolo.com/tutorial/cors, docs.powertools.aws.dev (Event Handler, REST API, CORS).
"""

from __future__ import annotations

from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.model.backend_tool import Framework

CAUSES = frozenset(
    {
        "acao.missing-actual",
        "acao.missing-error-path",
        "preflight.authenticated",
        "preflight.proxy-any-lambda",
    }
)
_TEXTS = {
    Framework.EXPRESS: """// npm install cors; before every other middleware and route: errors then have the headers too
const cors = require("cors");
app.use(cors({ origin: ["{origin}"]{credentials} }));""",
    Framework.MIDDY: """// npm install @middy/http-cors @middy/http-error-handler
// httpCors first: middy runs what follows an error in the reverse order.
import httpCors from "@middy/http-cors";
import httpErrorHandler from "@middy/http-error-handler";

export const handler = middy()
  .use(httpCors({ origins: ["{origin}"]{credentials} }))
  .use(httpErrorHandler())
  .handler(yourHandler);""",
    Framework.FLASK: """# pip install flask-cors
from flask_cors import CORS

CORS(app, origins=["{origin}"]{credentials})""",
    Framework.FASTAPI: """# add it last: what is added last runs first, and so before what may refuse a request
from fastapi.middleware.cors import CORSMiddleware

app.add_middleware(
    CORSMiddleware, allow_origins=["{origin}"], allow_methods=["*"], allow_headers=["*"]{credentials}
)""",
    Framework.POWERTOOLS: """# further pages: extra_origins=[...]
# of an HTTP API: APIGatewayHttpResolver, of a function URL: LambdaFunctionUrlResolver
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig

app = APIGatewayRestResolver(cors=CORSConfig(allow_origin="{origin}"{headers}{credentials}))""",
}
_CREDENTIALS = {
    Framework.EXPRESS: ", credentials: true",
    Framework.MIDDY: ", credentials: true",
    Framework.FLASK: ", supports_credentials=True",
    Framework.FASTAPI: ", allow_credentials=True",
    Framework.POWERTOOLS: ", allow_credentials=True",
}
_OF_POWERTOOLS = frozenset(
    {"authorization", "content-type", "x-amz-date", "x-amz-security-token", "x-api-key"}
)
"""The headers that Powertools allows by itself."""


def framework_snippet(cause: str, ask: PageRequest) -> str:
    """The code for a cause in the framework that was seen; empty if there is none."""
    framework = ask.backend.framework
    if framework is None or framework is Framework.OTHER or cause not in CAUSES:
        return ""
    others = sorted(ask.names() - _OF_POWERTOOLS)
    values = {
        "origin": ask.origin,
        "headers": f", allow_headers={others!r}" if others else "",
        "credentials": _CREDENTIALS[framework] if ask.credentials else "",
    }
    text = _TEXTS[framework]
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
