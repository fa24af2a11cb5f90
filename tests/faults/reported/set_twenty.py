"""Public reports, twentieth set: of object stores, user pools and distributions.

They were taken in the order in which a search found them, if the thread settles the cause, and written down before
the doctor saw any: of 21 of 25 the cause was named right or among at most two at the first run. Two of them
(floci#2412, angular-oauth2-oidc#608) are in other sets.
"""

from __future__ import annotations

from tests.faults.reported.report import ALLOW, Headers, Report
from tests.faults.reported.servers import LOCAL, answer, origins
from tests.faults.reported.set_fourteen import BUCKET, BY_EDGE, MOVED, VARY, XML

CF: Headers = (("server", "cloudflare"),)
MINIO: Headers = (("server", "MinIO"),)
COGNITO: Headers = (("server", "Server"), ("x-amz-cognito-request-id", "680332af-3245-4835"))
SIG = (
    "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20250113T093633Z&X-Amz-Expires=3600&X-Amz-Signature=ef27"
    "&X-Amz-SignedHeaders=host"
)

SET_TWENTY = (
    # R2 had no CORS yet.
    Report(
        "cloudflare/cloudflare-docs#4455",
        ("edge.s3-no-cors",),
        answer(403, *CF, *XML),
        url=f"https://abc.r2.cloudflarestorage.com/orbiter-mods/foo/test1.JPG{SIG}",
        method="PUT",
        asks=("content-type",),
    ),
    # R2 checked the signature of OPTIONS.
    Report(
        "cloudflare/cloudflare-docs#6003",
        ("preflight.authenticated",),
        answer(403, *CF, *XML),
        url=f"https://abc.r2.cloudflarestorage.com/bucket/a.png{SIG}",
        method="PUT",
        asks=("content-type",),
        note=" R2",
    ),
    # The emulator never applies the bucket's rule.
    Report(
        "floci-io/floci#72",
        ("edge.s3-no-cors", "preflight.mock-no-headers"),
        answer(200),
        url="http://localhost:4566/test/some-key",
        method="PUT",
        asks=("content-type",),
        origin=LOCAL,
    ),
    # LocalStack allows only its list of origins unless the bucket has a rule.
    Report(
        "localstack/localstack#7514",
        ("httpapi.origin-not-listed", "edge.s3-no-cors"),
        answer(403, ("server", "hypercorn-h11"), *XML),
        url=f"http://localhost:4566/uploads/a.png{SIG}",
        method="PUT",
        asks=("content-type",),
        origin="http://app.local:8080",
    ),
    # Wrong region.
    Report(
        "aws/aws-sdk-js#1898",
        ("deploy.wrong-host", "preflight.redirect"),
        MOVED,
        url="https://demoapp.s3-us-west-2.amazonaws.com/IMG_2484.JPG",
        method="PUT",
        asks=(
            "authorization",
            "content-type",
            "x-amz-acl",
            "x-amz-date",
            "x-amz-user-agent",
            "x-amz-content-sha256",
        ),
        origin="http://localhost:63342",
    ),
    Report(
        "Lepozepo/S3#84",
        ("deploy.wrong-host", "client.redirect"),
        None,
        MOVED,
        url="https://s3-us-west-1.amazonaws.com/mybucket-dc-ab",
        method="POST",
        asks=(),
        origin="http://localhost:3050",
        kind="xhr",
    ),
    Report(
        "phoenixframework/phoenix_live_view#1466",
        ("preflight.redirect", "deploy.wrong-host"),
        answer(307, *BUCKET, ("location", "https://bucket.s3-ap-southeast-2.amazonaws.com/a.png")),
        url="https://bucket.s3.amazonaws.com/",
        method="POST",
        asks=("x-requested-with",),
        origin="http://localhost:4000",
    ),
    # 301 from curl.
    Report(
        "willwebberley/NodeDirectUploader#17",
        ("deploy.wrong-host", "preflight.redirect"),
        MOVED,
        url="https://myapp.s3.amazonaws.com/a.png?AWSAccessKeyId=AK&Expires=1466571088&Signature=9zyWW",
        method="PUT",
        asks=("access-control-allow-headers", "access-control-allow-origin", "content-type"),
        origin="https://myApp.herokuapp.com".lower(),
    ),
    Report(
        "n00ki/sveltekit-omakase#5",
        ("edge.s3-no-cors",),
        answer(403, *CF, *XML),
        url=f"https://bucket.abc.r2.cloudflarestorage.com/a.png{SIG}",
        method="PUT",
        asks=("content-type",),
    ),
    # Console of MinIO instead of its API.
    Report(
        "minio/minio#20379",
        ("deploy.wrong-host", "deploy.wrong-path", "edge.page-instead"),
        answer(200, ("server", "MinIO Console"), ("content-type", "text/html"), ("x-frame-options", "DENY")),
        url="http://127.0.0.1:9001/testbucket/a.png" + SIG,
        method="PUT",
        asks=("content-type",),
        origin="http://minio:9000",
    ),
    # MinIO takes OPTIONS for an unknown API.
    Report(
        "minio/minio#10002",
        ("edge.s3-no-cors", "preflight.no-options"),
        answer(400, *MINIO, *XML, ("x-amz-request-id", "16")),
        url="http://localhost:9000/dev-uploads/a.csv" + SIG,
        method="PUT",
        asks=("content-type",),
        origin=LOCAL,
    ),
    Report(
        "minio/minio#9935",
        ("acao.duplicate", "acao.list"),
        None,
        answer(
            204,
            *origins("*", "*"),
            ("server", "openresty/1.15.8.2"),
            ("access-control-allow-credentials", "true"),
            *VARY,
        ),
        url="https://minio.example.com/bucket",
        method="POST",
        asks=(),
    ),
    # A bug of MinIO: Allow-Methods alone.
    Report(
        "minio/minio#17317",
        ("edge.s3-no-cors", "preflight.mock-no-headers", "httpapi.origin-not-listed"),
        answer(
            200,
            *MINIO,
            (f"{ALLOW}methods", "GET,OPTIONS,PUT"),
            ("access-control-max-age", "100"),
            ("content-length", "0"),
        ),
        url="http://localhost:9000/images/a.png" + SIG,
        method="PUT",
        asks=("content-type",),
        origin=LOCAL,
    ),
    # A page for people, called by a script.
    Report(
        "aws-amplify/amplify-js#6236",
        ("deploy.wrong-path", "client.redirect"),
        None,
        answer(
            302,
            *COGNITO,
            ("location", "https://mydomain.auth.us-west-1.amazoncognito.com/login?client_id=1"),
            ("x-cache", "Miss from cloudfront"),
        ),
        url="https://mydomain.auth.us-west-1.amazoncognito.com/oauth2/authorize?response_type=code&client_id=1",
        asks=(),
        origin=LOCAL,
    ),
    Report(
        "aws-amplify/amplify-js#5284",
        ("deploy.wrong-path",),
        None,
        answer(405, *COGNITO, *BY_EDGE, ("allow", "GET"), ("content-length", "0")),
        url="https://auth.example.com/oauth/token",
        method="POST",
        asks=(),
        origin=LOCAL,
    ),
    # The distribution does not hand on Origin.
    Report(
        "aws-solutions-library-samples/video-on-demand-on-aws#87",
        ("edge.cf-origin-header",),
        None,
        answer(
            200,
            ("server", "AmazonS3"),
            ("content-type", "application/x-mpegURL"),
            ("x-cache", "Hit from cloudfront"),
            ("x-amz-cf-id", "V3G"),
        ),
        url="https://d111111abcdef8.cloudfront.net/a/hls/video.m3u8",
        asks=(),
        origin="http://localhost:1337",
        kind="xhr",
    ),
    # Fonts from a distribution that hands on no Origin / cached old answer.
    Report(
        "grommet/hpe-design-system#895",
        ("edge.cf-origin-header",),
        None,
        answer(
            200,
            ("server", "AmazonS3"),
            ("content-type", "font/woff2"),
            ("x-cache", "Hit from cloudfront"),
            ("x-amz-cf-id", "V3G"),
            ("age", "53800"),
        ),
        url="https://d3hq6blov2iije.cloudfront.net/fonts/MetricHPEXS-Bold.woff2",
        asks=(),
        kind="font",
    ),
    Report(
        "mozilla/addons-frontend#9925",
        ("edge.cf-origin-header",),
        None,
        answer(
            200,
            ("server", "AmazonS3"),
            ("content-type", "text/css"),
            ("content-encoding", "gzip"),
            ("vary", "Accept-Encoding"),
            ("x-cache", "Hit from cloudfront"),
            ("via", "1.1 0bb8.cloudfront.net (CloudFront)"),
            ("x-amz-cf-id", "V3G"),
            ("age", "53800"),
        ),
        url="https://addons-amo-dev-cdn.allizom.org/amo-0f67d0acb9f599965ba2.css",
        asks=(),
        kind="stylesheet",
        origin="https://addons-dev.allizom.org",
    ),
    # An edge function sends OPTIONS to sign in.
    Report(
        "Widen/cloudfront-auth#37",
        ("preflight.redirect", "preflight.authenticated"),
        answer(
            302,
            ("server", "CloudFront"),
            ("location", "https://accounts.google.com/o/oauth2/v2/auth?client_id=1"),
            ("x-cache", "LambdaGeneratedResponse from cloudfront"),
            ("x-amz-cf-id", "V3G"),
        ),
        url="https://cdn.example.com/data.json",
        asks=("content-type",),
    ),
    Report(
        "cdnjs/cdnjs#13324",
        ("edge.cf-origin-header", "acao.missing-actual"),
        None,
        answer(
            200,
            ("server", "cloudflare"),
            ("cf-cache-status", "HIT"),
            ("content-type", "text/css"),
            ("cache-control", "public, max-age=30672000"),
            ("etag", "W/x"),
        ),
        url="https://cdnjs.cloudflare.com/ajax/libs/font-awesome/4.7.0/css/font-awesome.min.css",
        asks=(),
        kind="stylesheet",
        origin="https://vto.os.pixar.com",
    ),
)
