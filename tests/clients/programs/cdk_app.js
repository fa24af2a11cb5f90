// A REST API with a Cognito authorizer before a function, as a CDK app; ANSWER is what the function returns.
const cdk = require("aws-cdk-lib");
const { aws_apigateway: gateway, aws_cognito: cognito, aws_lambda: lambda } = cdk;

const app = new cdk.App({ analyticsReporting: false });
const stack = new cdk.Stack(app, "CdkShop", {
  env: { account: "123456789012", region: process.env.AWS_REGION },
  synthesizer: new cdk.LegacyStackSynthesizer(),
});
const pool = new cognito.UserPool(stack, "Pool", { removalPolicy: cdk.RemovalPolicy.DESTROY });
const code = `def handler(event, context):\n    return {"statusCode": 200, "body": "${process.env.ANSWER}"}\n`;
const handler = new lambda.Function(stack, "Handler", {
  runtime: lambda.Runtime.PYTHON_3_13,
  handler: "index.handler",
  code: lambda.Code.fromInline(code),
});
const api = new gateway.RestApi(stack, "Api", { cloudWatchRole: false });
const authorizer = new gateway.CognitoUserPoolsAuthorizer(stack, "Users", { cognitoUserPools: [pool] });
api.root.addResource("mine").addMethod("GET", new gateway.LambdaIntegration(handler), { authorizer });
api.root.addResource("open").addMethod("GET", new gateway.LambdaIntegration(handler));
new cdk.CfnOutput(stack, "Id", { value: api.restApiId });
