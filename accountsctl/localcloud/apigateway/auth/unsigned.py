"""The errors for an unsigned request that reaches no method, or a method behind IAM.

Without an Authorization header: Missing Authentication Token. With one that is not SigV4 (a JWT):
IncompleteSignatureException, with one message for a bare token and another for one after a scheme.
"""

from __future__ import annotations

import base64
import hashlib

from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.apigateway.errors import GatewayError, missing_token

ALGORITHM = "AWS4-HMAC-SHA256"


def refusal(call: GatewayCall) -> GatewayError:
    """The error for a request to a route that does not exist."""
    sent = call.request.header("Authorization")
    if not sent or sent.startswith(ALGORITHM):
        return missing_token()
    return GatewayError(None, _message(sent), status=403, error_type="IncompleteSignatureException")


def _message(sent: str) -> str:
    digest = base64.b64encode(hashlib.sha256(sent.encode()).digest()).decode()
    first, _, rest = sent.partition(" ")
    if "=" in first:
        return "Authorization header must begin with the algorithm name, which cannot include an equal-sign"
    if rest and "=" not in rest.split(",")[0]:
        digest = base64.b64encode(hashlib.sha256(rest.encode()).digest()).decode()
        return (
            "Invalid key=value pair (missing equal-sign) in Authorization header "
            f"(hashed with SHA-256 and encoded with Base64): '{digest}'."
        )
    return (
        "Authorization header requires 'Credential' parameter. "
        "Authorization header requires 'Signature' parameter. "
        "Authorization header requires 'SignedHeaders' parameter. "
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
        f"(Hashed with SHA-256 and encoded with Base64) Authorization={digest}"
    )
