// What stands in an event of API Gateway's REST proxy integration, whichever of its fields are null or missing.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html

/**
 * A request's header, whatever the case in which it came; undefined where it did not.
 *
 * A header that came more than once is one list, as RFC 9110 (5.3) reads it: `headers` holds its last line only.
 */
export const header = ({ headers, multiValueHeaders }, name) => {
  const several = Object.entries(merged(headers, multiValueHeaders));
  const values = several.flatMap(([key, lines]) => (key.toLowerCase() === name.toLowerCase() ? lines : []));
  return values.length ? values.join(', ') : undefined;
};

/** The query's parameters, decoded, each with all the values that it was given. */
export const query = ({ queryStringParameters, multiValueQueryStringParameters }) =>
  merged(queryStringParameters, multiValueQueryStringParameters);

/** Who is signed in: the user's `sub` in the pool; "" where the API knows nobody. */
export const caller = ({ requestContext }) => String(requestContext?.authorizer?.claims?.sub || '');

/** The path of the URL that the client asked for, the stage's name included. */
export const path = (event) => event.requestContext?.path || event.path || '';

/** The first of these path parameters that there is. */
export const pathParameter = ({ pathParameters }, ...names) =>
  names.map((name) => pathParameters?.[name]).find(Boolean);

const merged = (single, multiple) =>
  ({ ...Object.fromEntries(Object.entries(single ?? {}).map(([name, value]) => [name, [value]])), ...multiple });
