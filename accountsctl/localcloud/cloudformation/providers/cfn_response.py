"""The module that Lambda puts next to code in a template which names it: it answers custom resources.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/cfn-lambda-function-code-cfnresponsemodule.html
"""

from __future__ import annotations

from collections.abc import Mapping

NODE = """\
const https = require("https");

exports.SUCCESS = "SUCCESS";
exports.FAILED = "FAILED";

exports.send = function (event, context, status, data, physicalId, noEcho) {
  const body = JSON.stringify({
    Status: status,
    Reason: "See the details in CloudWatch Log Stream: " + context.logStreamName,
    PhysicalResourceId: physicalId || context.logStreamName,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    NoEcho: noEcho || false,
    Data: data,
  });
  const headers = { "content-type": "", "content-length": Buffer.byteLength(body) };
  const request = https.request(event.ResponseURL, { method: "PUT", headers }, (answer) => {
    answer.resume();
    console.log("Status code: " + answer.statusCode);
    context.done();
  });
  request.on("error", (fault) => {
    console.log("The response could not be sent: " + fault);
    context.done();
  });
  request.end(body);
};
"""

PYTHON = """\
import json
import urllib.request

SUCCESS = "SUCCESS"
FAILED = "FAILED"


def send(event, context, responseStatus, responseData, physicalResourceId=None, noEcho=False, reason=None):
    stream = context.log_stream_name
    body = {
        "Status": responseStatus,
        "Reason": reason or "See the details in CloudWatch Log Stream: " + stream,
        "PhysicalResourceId": physicalResourceId or stream,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "NoEcho": noEcho,
        "Data": responseData,
    }
    data = json.dumps(body).encode()
    request = urllib.request.Request(event["ResponseURL"], data, {"content-type": ""}, method="PUT")
    try:
        with urllib.request.urlopen(request) as answer:
            print("Status code:", answer.status)
    except OSError as fault:
        print("The response could not be sent:", fault)
"""

MODULES: Mapping[str, tuple[str, str, str]] = {
    "index.js": ("cfn-response", "cfn-response.js", NODE),
    "index.py": ("cfnresponse", "cfnresponse.py", PYTHON),
}
"""By the file of the code: the name by which code imports the module, its file, its source."""


def modules(entry: str, source: str) -> dict[str, str]:
    """The files that Lambda adds to code of a template, by name."""
    imported, file, text = MODULES[entry]
    return {file: text} if imported in source else {}
