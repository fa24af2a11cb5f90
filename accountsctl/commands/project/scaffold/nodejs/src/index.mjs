// A function behind a REST API: it greets, with CORS headers on every answer, errors included.

/** Answer a request of API Gateway (Lambda proxy integration, payload 1.0). */
export const handler = async (event, context) => {
  try {
    return answer(event, 200, greeting(event));
  } catch (error) {
    console.error(JSON.stringify({ requestId: context?.awsRequestId, message: error.message, stack: error.stack }));
    return answer(event, 500, { message: 'Internal server error' });
  }
};

/** What this function has to say. Yours begins here. */
const greeting = (event) => ({ message: 'Hello from Lambda!', method: event.httpMethod, path: event.path });

/** An answer as API Gateway wants it. With a proxy integration nobody but the function sets its headers. */
const answer = (event, statusCode, body) => ({
  statusCode,
  headers: { ...cors(event), 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

/** The headers without which a browser keeps the answer to itself; the origins come from the API's own setting. */
const cors = (event) => {
  const allowed = (process.env.CORS_ALLOW_ORIGINS ?? '*').split(',');
  const sent = Object.entries(event.headers ?? {}).find(([name]) => name.toLowerCase() === 'origin');
  if (allowed.includes('*')) return { 'Access-Control-Allow-Origin': '*' };
  return sent && allowed.includes(sent[1])
    ? { 'Access-Control-Allow-Origin': sent[1], Vary: 'Origin' }
    : { Vary: 'Origin' };
};
