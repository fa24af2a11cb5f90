"""The function without a database: the same one in every cloud that the benchmark compares."""

import json


def handler(event: dict[str, object], context: object) -> dict[str, object]:
    """Respond with the method."""
    del context
    return {"statusCode": 200, "body": json.dumps({"method": event.get("httpMethod")})}
