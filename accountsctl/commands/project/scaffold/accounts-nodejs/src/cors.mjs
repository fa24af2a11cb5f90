// The CORS headers of every answer, errors included.
//
// A browser shows a page nothing of an answer without them, not even that it was an error. The preflight is
// answered by API Gateway; OPTIONS is answered here too for an API that passes it on.
// Source: https://fetch.spec.whatwg.org/#http-cors-protocol

const ANY = '*';
const METHODS = 'DELETE,GET,OPTIONS,PATCH,POST,PUT';
/** What the preflight that API Gateway answers allows, and what its own errors expose. */
const HEADERS =
  'Authorization,Content-Type,Idempotency-Key,If-Match,If-None-Match,'
  + 'X-Amz-Content-Sha256,X-Amz-Date,X-Amz-Security-Token,X-Amz-User-Agent,X-Api-Key';
const EXPOSED = 'ETag,Idempotency-Replayed,Link,Location,Retry-After,x-amzn-ErrorType,x-amzn-RequestId';

/** CORS_ALLOW_ORIGINS: comma-separated origins; `*`, or nothing, allows all. */
export const allowedOrigins = (text) => {
  const named = text.split(',').map((origin) => origin.trim().replace(/\/+$/, '')).filter(Boolean);
  return new Set(named.length ? named : [ANY]);
};

/**
 * The headers for a request from `origin` (undefined where it named none).
 *
 * With a list of origins the answer depends on who asks, so caches are told by Vary, also where the origin is
 * not on the list and gets no permission.
 */
export const corsHeaders = (allowed, origin) => {
  const headers = {
    'Access-Control-Allow-Headers': HEADERS,
    'Access-Control-Allow-Methods': METHODS,
    'Access-Control-Expose-Headers': EXPOSED,
  };
  if (allowed.has(ANY)) return { 'Access-Control-Allow-Origin': ANY, ...headers };
  if (allowed.has(origin)) return { 'Access-Control-Allow-Origin': origin, Vary: 'Origin', ...headers };
  return { Vary: 'Origin' };
};
