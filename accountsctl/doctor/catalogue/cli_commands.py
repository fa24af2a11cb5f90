"""The commands that tell causes apart, as cards (`split`) and questions (`where`) name them.

A report leaves out the command of a card that the question has asked for already, by its text: both take it from here.
"""

from __future__ import annotations

DEPLOYMENT_SUMMARY = (
    "aws apigateway get-deployment --rest-api-id API --deployment-id DEPLOYMENT --embed apisummary"
)
REST_API = "aws apigateway get-rest-api --rest-api-id API"
REST_AUTHORIZERS = "aws apigateway get-authorizers --rest-api-id API"
INTEGRATION = "aws apigateway get-integration --rest-api-id API --resource-id RESOURCE --http-method METHOD"
TEST_OF_OPTIONS = (
    "aws apigateway test-invoke-method --http-method OPTIONS --rest-api-id API --resource-id RESOURCE"
)
FUNCTION_POLICY = "aws lambda get-policy --function-name FUNCTION"
SAMPLED_REQUESTS = "aws wafv2 get-sampled-requests"
LOG_OF_FUNCTION = "accountsctl logs, or aws logs tail /aws/lambda/FUNCTION"
READ_CLAIMS = "add --token - to this command, which reads the token from standard input and does not print it"
CLAIMS = f"decode the token's iss, token_use, exp, aud and scope: {READ_CLAIMS}"
