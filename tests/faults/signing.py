"""How a page signs for IAM, rightly and wrongly: Signature Version 4 over host and date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

STAMP = "%Y%m%dT%H%M%SZ"


def signature(how: str, method: str, url: str, key: Credentials, region: str) -> Mapping[str, str]:
    """The headers of a page that signs: `how` is ``unknown``, ``wrong``, ``late``, or anything else for right."""
    secret = "another" if how == "wrong" else key.secret_key
    name = "AKIAOFNOBODY00000000" if how == "unknown" else key.access_key
    stamp = datetime.now(UTC) - (timedelta(hours=1) if how == "late" else timedelta())
    signer = SigV4Auth(Credentials(name, secret), "execute-api", region)
    request = AWSRequest(method=method, url=url, headers={"X-Amz-Date": f"{stamp:{STAMP}}"})
    request.context["timestamp"] = f"{stamp:{STAMP}}"
    text = signer.string_to_sign(request, signer.canonical_request(request))
    headers = signer.signed_headers(signer.headers_to_sign(request))
    fields = (
        f"Credential={signer.scope(request)}",
        f"SignedHeaders={headers}",
        f"Signature={signer.signature(text, request)}",
    )
    return {"authorization": f"AWS4-HMAC-SHA256 {', '.join(fields)}", "x-amz-date": f"{stamp:{STAMP}}"}
