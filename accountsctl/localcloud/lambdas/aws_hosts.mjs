// Takes a function's requests to AWS's hosts to the embedded cloud.
// The SDK for JavaScript v2, bundled copies of it, and code with a host of its own do not read AWS_ENDPOINT_URL.
// The Host header stays as it was: a signature covers it, and it names the service.
import http from "node:http";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
import { urlToHttpOptions } from "node:url";

const AWS = /(^|\.)amazonaws\.com(\.cn)?$|\.on\.aws$/i;

// https.request(url[, options][, callback]) or (options[, callback]): what was requested, as options.
function requested(first, second) {
  const isUrl = typeof first === "string" || first instanceof URL;
  const extra = isUrl ? (typeof second === "object" && second !== null ? second : {}) : first;
  return { ...(isUrl ? urlToHttpOptions(new URL(first)) : {}), ...extra };
}

function withHost(headers = {}, host) {
  if (Array.isArray(headers)) return headers;
  return Object.keys(headers).some((name) => name.toLowerCase() === "host") ? headers : { ...headers, Host: host };
}

function rerouted(original, cloud) {
  return function request(...given) {
    const options = requested(given[0], given[1]);
    const host = options.hostname ?? options.host ?? "";
    if (!AWS.test(host)) return original.apply(this, given);
    const here = { protocol: "http:", host: cloud.hostname, hostname: cloud.hostname, port: cloud.port };
    const callback = given.find((argument) => typeof argument === "function");
    // An agent for TLS cannot connect without it.
    const rest = { agent: undefined, createConnection: undefined, headers: withHost(options.headers, host) };
    return http.request({ ...options, ...rest, ...here }, callback);
  };
}

// fetch sets Host by itself, so a request to AWS is sent by node:http.
function fetching(original, cloud) {
  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (!AWS.test(url.hostname)) return original(input, init);
    const headers = { ...Object.fromEntries(request.headers), host: url.host };
    const options = { host: cloud.hostname, port: cloud.port, path: url.pathname + url.search, method: request.method };
    const body = Buffer.from(await request.arrayBuffer());
    return new Promise((resolve, reject) => {
      const sent = http.request({ ...options, headers, signal: request.signal }, (answer) => {
        const chunks = [];
        answer.on("data", (chunk) => chunks.push(chunk));
        answer.on("end", () => resolve(response(answer, Buffer.concat(chunks))));
      });
      sent.on("error", (fault) => reject(new TypeError("fetch failed", { cause: fault })));
      sent.end(body);
    });
  };
}

function response(answer, body) {
  const empty = [101, 204, 205, 304].includes(answer.statusCode);
  const headers = Object.entries(answer.headersDistinct).flatMap(([name, values]) => values.map((value) => [name, value]));
  return new Response(empty ? null : body, { status: answer.statusCode, statusText: answer.statusMessage, headers });
}

export function reroute(endpoint) {
  const cloud = new URL(endpoint);
  const request = rerouted(https.request, cloud);
  https.request = request;
  https.get = (...given) => {
    const started = request(...given);
    started.end();
    return started;
  };
  syncBuiltinESMExports();
  globalThis.fetch = fetching(globalThis.fetch, cloud);
}
