"""Between the page and an API: the browser's cache and workers, the connection, servers other than API Gateway.

A recording alone shows these: no layer's facts tell of them.
"""

from __future__ import annotations

from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import MISSING, MISSING_ON_PREFLIGHT
from accountsctl.doctor.facts.responders import is_page_of_site

cause = Causes()
RECORDED = "tests/faults/recorded.py"
RECORDED_SETS = "tests/faults/recorded_sets.py"

cause.add(
    id="client.cached-without-cors",
    stage=RequestStage.CLIENT,
    what="The browser took the response from its cache, where a request without CORS (an img, a script, a link) had "
    "left it without Access-Control-Allow-Origin.",
    browser=f"{MISSING}, and nothing of it with Disable cache in DevTools",
    fix="Load it with CORS everywhere (crossorigin on the element), or by a URL of its own (a query parameter). Let "
    "the server send Access-Control-Allow-Origin or Vary: Origin with every response.",
    source="measured in Chromium 156; saveSvgAsPng#126, outline#10261",
    kind="code",
    zoo=RECORDED,
)
cause.add(
    id="client.service-worker",
    stage=RequestStage.CLIENT,
    what="A service worker of the page answered: with a response that was fetched without CORS, or with an error.",
    browser="Failed to fetch; a ServiceWorker passed an opaque response while handling a cors request",
    fix="Unregister the worker to see (DevTools, Application, Service workers). In its code pass the request on "
    "(fetch(event.request)), and keep no response of mode no-cors for it.",
    source="measured in Chromium 156; workbox#2632",
    kind="code",
    zoo=RECORDED_SETS,
)
cause.add(
    id="client.aborted",
    stage=RequestStage.CLIENT,
    what="The page cancelled the request before a response came: it was left or loaded again (a form that the browser "
    "submitted), or the code aborted it.",
    browser="net::ERR_ABORTED, NS_BINDING_ABORTED, or: (canceled)",
    fix="Call event.preventDefault() where a form or a link starts the request; look at the code's AbortController and "
    "time-outs.",
    source="Chromium",
    kind="code",
    zoo=RECORDED,
)
cause.add(
    id="client.resource-policy",
    stage=RequestStage.CLIENT,
    what="The response's Cross-Origin-Resource-Policy, or the page's Cross-Origin-Embedder-Policy, keeps it from a "
    "page of another origin; or it is HTML or JSON where an image or a script belongs.",
    browser="net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin, or: net::ERR_BLOCKED_BY_ORB",
    fix="Send Cross-Origin-Resource-Policy: cross-origin with the resource (helmet: crossOriginResourcePolicy), or "
    "load it with CORS. Open its URL to see whether it is what belongs there.",
    source="Fetch standard, Cross-Origin-Resource-Policy; Chromium",
    kind="code",
    zoo=RECORDED,
)
cause.add(
    id="deploy.unreachable",
    stage=RequestStage.CLIENT,
    what="Nothing answers at the host and port: the server is not running or has crashed, listens elsewhere or "
    "speaks http where the URL says https, or a firewall or a VPN that is off is between.",
    browser="net::ERR_CONNECTION_REFUSED (or _RESET, _CLOSED, _TIMED_OUT); Firefox: CORS request did not succeed",
    fix="Start the server, and open the URL in a tab of its own: what the tab shows is not CORS. Compare host, port "
    "and scheme with those of the server.",
    source="MDN, CORS request did not succeed",
    kind="code",
    zoo=RECORDED,
)
cause.add(
    id="deploy.no-https",
    stage=RequestStage.CLIENT,
    what="The URL says https, and no TLS connection came about, before any certificate was looked at: the server "
    "speaks http at this port (so do most servers for development), the browser turned http into https (HSTS, an "
    "https-only mode), they have no TLS version in common, or a proxy or an antivirus program breaks the connection.",
    browser="net::ERR_SSL_PROTOCOL_ERROR, or net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH; Firefox: "
    "SSL_ERROR_RX_RECORD_TOO_LONG",
    fix="curl -v http://HOST:PORT/: if it answers, call the API by http, or turn TLS on in the server. Otherwise let "
    "the server speak TLS 1.2 or 1.3, and try another network. Forget HSTS at chrome://net-internals/#hsts.",
    source="Chromium, net_error_list.h",
    kind="code",
    zoo=RECORDED,
)
cause.add(
    id="edge.page-instead",
    stage=RequestStage.ACTUAL_HEADERS,
    what="A web page came in place of the API's response: the URL is the site's and not the API's, or a page to sign "
    "in.",
    browser=MISSING,
    fix="Open the URL in a tab: correct the API's base URL in the page's configuration, or sign in first. If the site "
    "itself passes the API's path on, put that rule (proxy, rewrite) before the one that gives index.html.",
    source="Vercel and Netlify documentation, rewrites of single-page applications; amplify-hosting#4099",
    kind="code",
    reads=lambda shown: shown.is_bare and is_page_of_site(shown.answer),
    zoo=RECORDED_SETS,
)
cause.add(
    id="edge.no-behavior",
    stage=RequestStage.EDGE,
    what="The site answered in place of its API: CloudFront has no cache behavior for the path, or Amplify Hosting no "
    "rewrite before the one that gives index.html.",
    browser="nothing; the page cannot read a web page as JSON (Unexpected token '<')",
    fix="Add a cache behavior for the API's path (/api/*) with the API as its origin; in Amplify Hosting a rewrite "
    "(200) of /api/<*> to the API's URL, above the rule for /<*>. Clear the cache of the distribution.",
    source="CloudFront Developer Guide, path pattern; Amplify Hosting user guide, redirects and rewrites",
    kind="command",
    split="aws cloudfront get-distribution-config --id DISTRIBUTION; aws amplify get-app --app-id APP",
    zoo=RECORDED,
)
cause.add(
    id="preflight.authenticated",
    stage=RequestStage.PREFLIGHT_AUTH,
    what="What checks sign-ins before the API (a framework's filter, Basic or Windows authentication, a proxy) refuses "
    "OPTIONS; a browser sends a preflight without credentials.",
    browser=MISSING_ON_PREFLIGHT,
    fix="Let OPTIONS pass without credentials: CORS before authentication (Spring Security: http.cors(); Express: "
    "cors() first; nginx: answer OPTIONS before auth_basic or auth_request; IIS: anonymous OPTIONS).",
    source="Fetch standard; Spring Security reference, CORS",
    kind="code",
    zoo=RECORDED,
)
cause.add(
    id="auth.validator",
    stage=RequestStage.AUTH,
    what="The method's request validator refuses the request before the function: a required parameter is missing, or "
    "the body does not fit the model.",
    browser=MISSING,
    fix="Send what the validator requires; the response's message names it, once DEFAULT_4XX has the CORS headers.",
    source="API Gateway Developer Guide, request validation",
    kind="code",
    refusals=(said.BAD_BODY, said.BAD_PARAMETERS),
    zoo=RECORDED_SETS,
)
