"""The one question that splits the suspects of an answer, with the place or the command that answers it."""

from __future__ import annotations

from collections.abc import Iterable

from accountsctl.doctor.catalogue import cli_commands
from accountsctl.doctor.catalogue.browsers_alone import FAIL_IN_BROWSERS_ALONE
from accountsctl.doctor.catalogue.splitting_question import SplittingQuestion

_HEADERS = "DevTools, Network, the request, Headers, Request Headers"


WHICH_STEP = SplittingQuestion(
    "Does the browser's request for permission (OPTIONS) fail, or the request itself?",
    "DevTools, Network, column Method",
    (
        (
            "OPTIONS",
            frozenset(
                {
                    "function-url.no-cors",
                    "httpapi.default-route",
                    "preflight.authenticated",
                    "preflight.binary-media",
                    "preflight.cognito",
                    "preflight.iam",
                    "preflight.api-key",
                    "preflight.lambda-authorizer",
                    "preflight.no-options",
                    "preflight.proxy-any-lambda",
                    "preflight.validator",
                }
            ),
        ),
    ),
    "the request itself",
)
"""Firefox says only of some sentences which of the two it is."""
QUESTIONS = (
    SplittingQuestion(
        "Does the API know the page's user by a cookie, or by a token in Authorization?",
        f"{_HEADERS}: Cookie, Authorization",
        (("by a cookie", frozenset({"acao.wildcard-credentials"})),),
        "by a token, or not at all",
    ),
    SplittingQuestion(
        "Does the request have an Authorization header?",
        _HEADERS,
        (("no", frozenset({"auth.no-token", "auth.iam-no-token"})),),
        "yes",
    ),
    SplittingQuestion(
        "Does the same request, with the same headers, succeed outside a browser?",
        "curl or Postman; DevTools, Network, the request, Copy as cURL",
        (("yes", FAIL_IN_BROWSERS_ALONE),),
        "no",
    ),
    SplittingQuestion(
        "Does the page get the response with the browser's cache disabled?",
        "DevTools, Network, Disable cache, and reload the page",
        (("yes", frozenset({"client.cached-without-cors", "preflight.stale-cache"})),),
        "no",
    ),
    SplittingQuestion(
        "What does the token say: is it expired, of another pool or client, or of the wrong use?",
        cli_commands.READ_CLAIMS,
        (
            ("it is expired", frozenset({"auth.cognito-expired", "auth.iam-expired"})),
            (
                "it is of another pool or client",
                frozenset({"auth.cognito-wrong-pool", "auth.cognito-other-client", "auth.cognito-regex"}),
            ),
            (
                "it is of the wrong use, or lacks a scope",
                frozenset(
                    {
                        "auth.cognito-access-no-scope",
                        "auth.cognito-id-with-scope",
                        "auth.cognito-scope-mismatch",
                    }
                ),
            ),
            ("it is a signature", frozenset({"auth.sigv4-to-cognito"})),
        ),
        "nothing is wrong",
    ),
    SplittingQuestion(
        "Does the deployed stage have the path and the method?",
        cli_commands.DEPLOYMENT_SUMMARY,
        (
            (
                "no",
                frozenset(
                    {
                        "auth.route-missing+token",
                        "deploy.stale",
                        "deploy.wrong-path",
                        "preflight.child-resource",
                        "preflight.no-options",
                        "preflight.proxy-root",
                    }
                ),
            ),
            ("there is no such stage", frozenset({"deploy.no-stage"})),
        ),
        "yes",
    ),
    SplittingQuestion(
        "Does the API have a route for the path and the method that the page calls?",
        "aws apigatewayv2 get-routes --api-id API; of a REST API: aws apigateway get-resources --rest-api-id API",
        (("no", frozenset({"deploy.wrong-path", "auth.route-missing+token"})),),
        "yes",
    ),
    SplittingQuestion(
        "Does any other path of the same stage answer in the browser?",
        "Open another URL of the API in a new tab",
        (
            (
                "no",
                frozenset(
                    {
                        "deploy.default-endpoint-disabled",
                        "deploy.no-mapping",
                        "deploy.no-stage",
                        "deploy.private",
                        "deploy.mtls",
                        "deploy.stage-in-domain-path",
                        "edge.cf-host",
                        "client.stale-config",
                    }
                ),
            ),
        ),
        "yes",
    ),
    SplittingQuestion(
        "Did the function run for this request?",
        cli_commands.LOG_OF_FUNCTION,
        (
            ("yes, and it logged an error", frozenset({"int.throws", "int.aurora-resume"})),
            ("yes, and it timed out", frozenset({"int.lambda-timeout", "int.gateway-timeout"})),
            (
                "yes, without an error",
                frozenset(
                    {
                        "int.malformed",
                        "int.response-too-big",
                        "int.selection-pattern",
                        "preflight.proxy-any-lambda",
                    }
                ),
            ),
        ),
        "no",
    ),
    SplittingQuestion(
        "Does the application's own log show the request?",
        "the terminal in which the server runs, or its log",
        (
            ("no", frozenset({"edge.proxy-error"})),
            ("yes", frozenset({"acao.missing-error-path", "int.throws"})),
        ),
        "yes, and it ended well",
    ),
    SplittingQuestion(
        "May API Gateway call the function, by its policy?",
        cli_commands.FUNCTION_POLICY,
        (
            ("there is no policy for API Gateway", frozenset({"int.no-permission"})),
            ("its SourceArn is of another API, stage or path", frozenset({"int.wrong-source-arn"})),
        ),
        "yes",
    ),
    SplittingQuestion(
        "What does a test of OPTIONS in API Gateway say?",
        cli_commands.TEST_OF_OPTIONS,
        (
            ("it works", frozenset({"preflight.binary-media", "deploy.stale"})),
            ("its template gives no status", frozenset({"preflight.mock-no-template"})),
            ("no integration response fits", frozenset({"preflight.mock-status-unmapped"})),
        ),
        "it fails otherwise",
    ),
    SplittingQuestion(
        "What does a test of the method in API Gateway say?",
        "aws apigateway test-invoke-method --http-method METHOD --rest-api-id API --resource-id RESOURCE",
        (
            ("it works, and calls of the stage never do", frozenset({"deploy.stale"})),
            ("it works, and calls of the stage do now and then", frozenset({"int.lambda-throttled"})),
            (
                "Invalid permissions on Lambda function",
                frozenset({"int.no-permission", "int.wrong-source-arn"}),
            ),
            (
                "Unable to transform, or an invalid method response",
                frozenset({"int.mapping-template", "int.selection-pattern"}),
            ),
            ("Invalid endpoint address, Network error, or a certificate", frozenset({"int.http-backend"})),
        ),
        "another error",
    ),
    WHICH_STEP,
    SplittingQuestion(
        "How long did the request take?",
        "DevTools, Network, the request, Timing",
        (("29 seconds or more", frozenset({"int.gateway-timeout"})),),
        "less",
    ),
    SplittingQuestion(
        "Does a second call right after it succeed?",
        "DevTools, Network, the request, Replay XHR",
        (("yes", frozenset({"int.aurora-resume", "auth.throttle", "int.lambda-throttled"})),),
        "no",
    ),
    SplittingQuestion(
        "Which host does the page call?",
        "DevTools, Network, the request, Headers, Request URL",
        (
            (
                "a CloudFront domain, or one of your own",
                frozenset(
                    {
                        "deploy.mtls",
                        "deploy.no-mapping",
                        "deploy.stage-in-domain-path",
                        "edge.cf-authorization",
                        "edge.cf-error-page",
                        "edge.cf-header",
                        "edge.cf-host",
                        "edge.cf-methods",
                        "edge.proxy-error",
                    }
                ),
            ),
        ),
        "execute-api",
    ),
    SplittingQuestion(
        "Does the bucket have a CORS rule that allows the page's origin?",
        "aws s3api get-bucket-cors --bucket BUCKET",
        (("no", frozenset({"edge.s3-no-cors"})),),
        "yes",
    ),
    SplittingQuestion(
        "Which rule blocked it, by the web ACL's sampled requests?",
        cli_commands.SAMPLED_REQUESTS,
        (("a rule", frozenset({"auth.waf"})),),
        "nothing",
    ),
    SplittingQuestion(
        "Which authorization does the method require?",
        "aws apigateway get-method --rest-api-id API --resource-id RESOURCE --http-method METHOD",
        (
            ("AWS_IAM", frozenset({"preflight.iam", "auth.iam-no-token", "auth.iam-not-cognito"})),
            ("COGNITO_USER_POOLS", frozenset({"preflight.cognito", "auth.token-invalid"})),
            (
                "CUSTOM",
                frozenset({"preflight.lambda-authorizer", "auth.lambda-authorizer-500", "auth.lambda-deny"}),
            ),
        ),
        "another",
    ),
)
"""The cheapest to answer first: of those that split equally well, one that lists all suspects, then the first."""


def best_question(causes: Iterable[str]) -> SplittingQuestion | None:
    """The question after which the fewest of the suspects remain at worst; None if no question splits them."""
    suspects = tuple(causes)
    splitting = [question for question in QUESTIONS if len(question.split(suspects)) > 1]
    return min(
        splitting,
        key=lambda question: (_most_left(question, suspects), not question.lists(suspects)),
        default=None,
    )


def _most_left(question: SplittingQuestion, suspects: tuple[str, ...]) -> int:
    return max(len(left) for left in question.split(suspects).values())
