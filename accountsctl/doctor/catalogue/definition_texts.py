"""The texts of `definition_snippets`, by tool and by what they define.

``<origin>`` and the like are filled in; a line that begins with ``<credentials>`` is for pages that send cookies.
"""

from __future__ import annotations

from collections.abc import Mapping

from accountsctl.model.backend_tool import DefinitionTool

_SAM = {
    "rest": """# template.yaml, in Properties of the AWS::Serverless::Api, or in Globals, Api:
Cors:
  AllowOrigin: "'<origin>'"
  AllowMethods: "'<methods>'"
  AllowHeaders: "'<headers>'"
<credentials>  AllowCredentials: true
Auth:  # with what is in Auth already
  AddDefaultAuthorizerToCorsPreflight: false""",
    "http": """# template.yaml, in Properties of the AWS::Serverless::HttpApi, or in Globals, HttpApi;
# keep what it lists for other pages:
CorsConfiguration:
  AllowOrigins: ["<origin>"]
  AllowMethods: [<method_list>]
  AllowHeaders: [<header_list>]
<credentials>  AllowCredentials: true""",
    "url": """# template.yaml, in FunctionUrlConfig of the AWS::Serverless::Function;
# keep what it lists for other pages:
Cors:
  AllowOrigins: ["<origin>"]
  AllowMethods: [<url_methods>]
  AllowHeaders: [<header_list>]
<credentials>  AllowCredentials: true""",
    "refusals": """# template.yaml, in Properties of the AWS::Serverless::Api, or in Globals, Api:
GatewayResponses:
  DEFAULT_4XX:
    ResponseParameters:
      Headers:
        Access-Control-Allow-Origin: "'<origin>'"
<credentials>        Access-Control-Allow-Credentials: "'true'"
  DEFAULT_5XX:
    ResponseParameters:
      Headers:
        Access-Control-Allow-Origin: "'<origin>'"
<credentials>        Access-Control-Allow-Credentials: "'true'\"""",
}
_BUCKET = """# in Properties of the AWS::S3::Bucket;
# keep the rules that it has for other pages:
CorsConfiguration:
  CorsRules:
    - AllowedOrigins: ["<origin>"]
      AllowedMethods: [GET, HEAD, PUT, POST]
      AllowedHeaders: ["*"]
      ExposedHeaders: [ETag]"""
_REFUSALS_AS_RESOURCES = """GatewayResponse4XX:
  Type: AWS::ApiGateway::GatewayResponse
  Properties:
    RestApiId: !Ref <api>
    ResponseType: DEFAULT_4XX
    ResponseParameters:
      gatewayresponse.header.Access-Control-Allow-Origin: "'<origin>'"
<credentials>      gatewayresponse.header.Access-Control-Allow-Credentials: "'true'"
GatewayResponse5XX:
  Type: AWS::ApiGateway::GatewayResponse
  Properties:
    RestApiId: !Ref <api>
    ResponseType: DEFAULT_5XX
    ResponseParameters:
      gatewayresponse.header.Access-Control-Allow-Origin: "'<origin>'"
<credentials>      gatewayresponse.header.Access-Control-Allow-Credentials: "'true'\""""
_CLOUDFORMATION = {
    "rest": """# in Resources, in place of the OPTIONS method that this path may have; Api and
# PathResource are your API and the resource of this path. API Gateway takes it
# with a new AWS::ApiGateway::Deployment only:
PathOptions:
  Type: AWS::ApiGateway::Method
  Properties:
    RestApiId: !Ref Api
    ResourceId: !Ref PathResource
    HttpMethod: OPTIONS
    AuthorizationType: NONE
    Integration:
      Type: MOCK
      RequestTemplates:
        application/json: '{"statusCode": 204}'
      IntegrationResponses:
        - StatusCode: "204"
          ResponseParameters:
            method.response.header.Access-Control-Allow-Origin: "'<origin>'"
            method.response.header.Access-Control-Allow-Methods: "'<methods>'"
            method.response.header.Access-Control-Allow-Headers: "'<headers>'"
<credentials>            method.response.header.Access-Control-Allow-Credentials: "'true'"
    MethodResponses:
      - StatusCode: "204"
        ResponseParameters:
          method.response.header.Access-Control-Allow-Origin: true
          method.response.header.Access-Control-Allow-Methods: true
          method.response.header.Access-Control-Allow-Headers: true
<credentials>          method.response.header.Access-Control-Allow-Credentials: true""",
    "http": """# in Properties of the AWS::ApiGatewayV2::Api;
# keep what it lists for other pages:
CorsConfiguration:
  AllowOrigins: ["<origin>"]
  AllowMethods: [<method_list>]
  AllowHeaders: [<header_list>]
<credentials>  AllowCredentials: true""",
    "url": """# in Properties of the AWS::Lambda::Url; keep what it lists for other pages:
Cors:
  AllowOrigins: ["<origin>"]
  AllowMethods: [<url_methods>]
  AllowHeaders: [<header_list>]
<credentials>  AllowCredentials: true""",
    "refusals": "# in Resources; Api is your API. API Gateway takes it\n"
    "# with a new AWS::ApiGateway::Deployment only:\n"
    f"{_REFUSALS_AS_RESOURCES.replace('<api>', 'Api')}",
    "bucket": _BUCKET,
}
_CDK = {
    "rest": """// in the options of new apigateway.RestApi(...), in TypeScript:
defaultCorsPreflightOptions: {
  allowOrigins: ["<origin>"],
  allowMethods: [<method_list>],
  allowHeaders: [<header_list>],
<credentials>  allowCredentials: true,
},""",
    "http": """// in the options of new apigatewayv2.HttpApi(...), in TypeScript;
// keep what it lists for other pages:
corsPreflight: {
  allowOrigins: ["<origin>"],
  allowMethods: [
    apigatewayv2.CorsHttpMethod.GET, apigatewayv2.CorsHttpMethod.POST, apigatewayv2.CorsHttpMethod.PUT,
    apigatewayv2.CorsHttpMethod.PATCH, apigatewayv2.CorsHttpMethod.DELETE,
  ],
  allowHeaders: [<header_list>],
<credentials>  allowCredentials: true,
},""",
    "url": """// in the options of addFunctionUrl(...), in TypeScript;
// keep what it lists for other pages:
cors: {
  allowedOrigins: ["<origin>"],
  allowedMethods: [
    lambda.HttpMethod.GET, lambda.HttpMethod.POST, lambda.HttpMethod.PUT,
    lambda.HttpMethod.PATCH, lambda.HttpMethod.DELETE,
  ],
  allowedHeaders: [<header_list>],
<credentials>  allowCredentials: true,
},""",
    "refusals": """// after the RestApi, here named api, in TypeScript:
for (const type of [apigateway.ResponseType.DEFAULT_4XX, apigateway.ResponseType.DEFAULT_5XX]) {
  api.addGatewayResponse(`Cors${type.responseType}`, {
    type,
    responseHeaders: {
      "Access-Control-Allow-Origin": "'<origin>'",
<credentials>      "Access-Control-Allow-Credentials": "'true'",
    },
  });
}""",
    "bucket": """// in the options of new s3.Bucket(...), in TypeScript;
// keep the rules that it has for other pages:
cors: [
  {
    allowedOrigins: ["<origin>"],
    allowedMethods: [
      s3.HttpMethods.GET, s3.HttpMethods.HEAD, s3.HttpMethods.PUT, s3.HttpMethods.POST,
    ],
    allowedHeaders: ["*"],
    exposedHeaders: ["ETag"],
  },
],""",
}
_SERVERLESS = {
    "rest": """# serverless.yml, in events of the function:
- http:
    path: <path>
    method: <verb>
    cors:
      origin: "<origin>"
      headers: [<header_list>]
<credentials>      allowCredentials: true""",
    "http": """# serverless.yml, in provider; keep what it lists for other pages:
httpApi:
  cors:
    allowedOrigins: ["<origin>"]
    allowedMethods: [<method_list>]
    allowedHeaders: [<header_list>]
<credentials>    allowCredentials: true""",
    "url": """# serverless.yml, in the function; keep what it lists for other pages:
url:
  cors:
    allowedOrigins: ["<origin>"]
    allowedMethods: [<url_methods>]
    allowedHeaders: [<header_list>]
<credentials>    allowCredentials: true""",
    "refusals": "# serverless.yml, in resources, Resources:\n"
    + _REFUSALS_AS_RESOURCES.replace("<api>", "ApiGatewayRestApi"),
    "bucket": _BUCKET,
}
_TERRAFORM = {
    "rest": """# in place of the OPTIONS method that this path may have; api and path are your
# aws_api_gateway_rest_api and the aws_api_gateway_resource of this path. Name
# them in triggers of the aws_api_gateway_deployment too:
resource "aws_api_gateway_method" "options" {
  rest_api_id   = aws_api_gateway_rest_api.api.id
  resource_id   = aws_api_gateway_resource.path.id
  http_method   = "OPTIONS"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "options" {
  rest_api_id       = aws_api_gateway_rest_api.api.id
  resource_id       = aws_api_gateway_resource.path.id
  http_method       = aws_api_gateway_method.options.http_method
  type              = "MOCK"
  request_templates = { "application/json" = jsonencode({ statusCode = 204 }) }
}

resource "aws_api_gateway_method_response" "options" {
  rest_api_id = aws_api_gateway_rest_api.api.id
  resource_id = aws_api_gateway_resource.path.id
  http_method = aws_api_gateway_method.options.http_method
  status_code = "204"
  response_parameters = {
    "method.response.header.Access-Control-Allow-Origin"  = true
    "method.response.header.Access-Control-Allow-Methods" = true
    "method.response.header.Access-Control-Allow-Headers" = true
<credentials>    "method.response.header.Access-Control-Allow-Credentials" = true
  }
}

resource "aws_api_gateway_integration_response" "options" {
  rest_api_id = aws_api_gateway_rest_api.api.id
  resource_id = aws_api_gateway_resource.path.id
  http_method = aws_api_gateway_integration.options.http_method
  status_code = aws_api_gateway_method_response.options.status_code
  response_parameters = {
    "method.response.header.Access-Control-Allow-Origin"  = "'<origin>'"
    "method.response.header.Access-Control-Allow-Methods" = "'<methods>'"
    "method.response.header.Access-Control-Allow-Headers" = "'<headers>'"
<credentials>    "method.response.header.Access-Control-Allow-Credentials" = "'true'"
  }
}""",
    "http": """# in the aws_apigatewayv2_api; keep what it lists for other pages:
cors_configuration {
  allow_origins = ["<origin>"]
  allow_methods = [<method_list>]
  allow_headers = [<header_list>]
<credentials>  allow_credentials = true
}""",
    "url": """# in the aws_lambda_function_url; keep what it lists for other pages:
cors {
  allow_origins = ["<origin>"]
  allow_methods = [<url_methods>]
  allow_headers = [<header_list>]
<credentials>  allow_credentials = true
}""",
    "refusals": """# api is your aws_api_gateway_rest_api. Name it in triggers of the
# aws_api_gateway_deployment too:
resource "aws_api_gateway_gateway_response" "cors" {
  for_each      = toset(["DEFAULT_4XX", "DEFAULT_5XX"])
  rest_api_id   = aws_api_gateway_rest_api.api.id
  response_type = each.value
  response_parameters = {
    "gatewayresponse.header.Access-Control-Allow-Origin" = "'<origin>'"
<credentials>    "gatewayresponse.header.Access-Control-Allow-Credentials" = "'true'"
  }
}""",
    "bucket": """# bucket is your aws_s3_bucket; keep the rules that it has for other pages:
resource "aws_s3_bucket_cors_configuration" "cors" {
  bucket = aws_s3_bucket.bucket.id
  cors_rule {
    allowed_origins = ["<origin>"]
    allowed_methods = ["GET", "HEAD", "PUT", "POST"]
    allowed_headers = ["*"]
    expose_headers  = ["ETag"]
  }
}""",
}
TEXTS: Mapping[DefinitionTool, Mapping[str, str]] = {
    DefinitionTool.SAM: {**_SAM, "bucket": _BUCKET},
    DefinitionTool.CLOUDFORMATION: _CLOUDFORMATION,
    DefinitionTool.CDK: _CDK,
    DefinitionTool.SERVERLESS: _SERVERLESS,
    DefinitionTool.TERRAFORM: _TERRAFORM,
}
