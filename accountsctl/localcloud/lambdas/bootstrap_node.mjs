// The Node runtime of a sandbox: a client of the Runtime API (2018-06-01).
// Handlers may be ES modules or CommonJS, async or with a callback, as on AWS.
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import path from "node:path";
import { createRequire, register } from "node:module";
import { pathToFileURL } from "node:url";
import { reroute } from "./aws_hosts.mjs";
import { failed, logAs, patchConsole } from "./console_lines.mjs";
import { mount } from "./opt_paths.mjs";

const env = process.env;
const [, host, port, secret] = /^(.+):(\d+)\/(.+)$/.exec(env.AWS_LAMBDA_RUNTIME_API);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

// The sandbox must not outlive the daemon: when the Runtime API goes away, so does the process group.
const watch = net.connect({ host, port: Number(port) });
const end = () => process.kill(-process.pid, "SIGKILL");
watch.on("close", end).on("error", end);
watch.unref();

function call(method, where, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const sent = body === undefined ? headers
      : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body), ...headers };
    const request = http.request(
      { host, port, method, path: `/${secret}/2018-06-01/runtime${where}`, agent, headers: sent },
      (answer) => {
        const chunks = [];
        answer.on("data", (chunk) => chunks.push(chunk));
        answer.on("end", () => resolve({ headers: answer.headers, body: Buffer.concat(chunks).toString() }));
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

function described(error) {
  return {
    errorType: error?.name ?? typeof error,
    errorMessage: error?.message ?? String(error),
    trace: error?.stack ? error.stack.split("\n") : [],
  };
}

function report(where, error) {
  const body = described(error);
  return call("POST", where, JSON.stringify(body), { "Lambda-Runtime-Function-Error-Type": body.errorType });
}

function named(name, message) {
  return Object.assign(new Error(message), { name });
}

function isModule(file) {
  if (file.endsWith(".mjs")) return true;
  if (file.endsWith(".cjs")) return false;
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, "package.json");
    if (fs.existsSync(manifest)) return JSON.parse(fs.readFileSync(manifest, "utf8")).type === "module";
    if (folder === path.dirname(folder)) return false;
  }
}

const REQUIRED_BY = "\nRequire stack:\n- /var/runtime/index.mjs";

async function loaded(file) {
  try {
    return isModule(file) ? await import(pathToFileURL(file)) : createRequire(file)(file);
  } catch (error) {
    if (error instanceof SyntaxError) throw renamed("Runtime.UserCodeSyntaxError", error);
    throw error?.code === "MODULE_NOT_FOUND" ? renamed("Runtime.ImportModuleError", error) : error;
  }
}

function renamed(name, error) {
  const other = named(name, String(error));
  other.stack = `${name}: ${error.stack}`;
  return other;
}

async function load(handler) {
  const parts = /^(.*[/\\])?([^./\\]+)\.(.+)$/.exec(handler);
  if (!parts) throw named("Runtime.MalformedHandlerName", "Bad handler");
  const base = path.resolve(env.LAMBDA_TASK_ROOT, parts[1] ?? "", parts[2]);
  const file = [".js", ".mjs", ".cjs"].map((suffix) => base + suffix).find((each) => fs.existsSync(each));
  if (!file) throw named("Runtime.ImportModuleError", `Error: Cannot find module '${parts[2]}'${REQUIRED_BY}`);
  const module = await loaded(file);
  const found = parts[3].split(".").reduce((value, key) => value?.[key], module);
  if (typeof found !== "function") {
    throw named("Runtime.HandlerNotFound", `${handler} is undefined or not exported`);
  }
  return found;
}

function context(id, deadline, headers, succeed, fail) {
  return {
    awsRequestId: id,
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: headers["lambda-runtime-client-context"]
      ? JSON.parse(headers["lambda-runtime-client-context"]) : undefined,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - Date.now(),
    succeed,
    fail,
    done: (error, value) => (error ? fail(error) : succeed(value)),
  };
}

function run(handler, event, id, headers) {
  let ended = () => {};
  return new Promise((succeed, fail) => {
    const deadline = Number(headers["lambda-runtime-deadline-ms"]);
    const callback = (error, value) => (error ? fail(error) : succeed(value));
    const result = handler(event, context(id, deadline, headers, succeed, fail), callback);
    if (typeof result?.then === "function") return result.then(succeed, fail);
    // What is not async and calls nothing back has ended when nothing is left to do; its result does not count.
    const drained = () => succeed(null);
    process.once("beforeExit", drained);
    ended = () => process.off("beforeExit", drained);
  }).finally(() => ended());
}

function serialized(value) {
  try {
    return JSON.stringify(value === undefined ? null : value);
  } catch {
    throw new Error("Unable to stringify response body");
  }
}

async function serve(handler) {
  for (;;) {
    const { headers, body } = await call("GET", "/invocation/next");
    const id = headers["lambda-runtime-aws-request-id"];
    env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"];
    logAs(id);
    const crash = (error) => {
      failed("Uncaught Exception", error);
      report(`/invocation/${id}/error`, error).then(() => process.exit(129));
    };
    const reject = (reason) => {
      const name = "Runtime.UnhandledPromiseRejection";
      const error = reason instanceof Error ? renamed(name, reason) : named(name, String(reason));
      failed("Unhandled Promise Rejection", error);
      report(`/invocation/${id}/error`, error).then(() => process.exit(128));
    };
    process.once("uncaughtException", crash);
    process.once("unhandledRejection", reject);
    try {
      const value = await run(handler, JSON.parse(body), id, headers);
      await call("POST", `/invocation/${id}/response`, serialized(value));
    } catch (error) {
      failed("Invoke Error", error);
      await report(`/invocation/${id}/error`, error);
    }
    process.off("uncaughtException", crash);
    process.off("unhandledRejection", reject);
  }
}

if (env.AWS_ENDPOINT_URL) reroute(env.AWS_ENDPOINT_URL);
if (env.ACCOUNTSCTL_OPT) {
  mount(env.ACCOUNTSCTL_OPT);
  register?.("./opt_paths.mjs", import.meta.url);
}
patchConsole(env);
globalThis.awslambda = {
  streamifyResponse: () => { throw named("NotImplemented", "The embedded cloud does not stream responses."); },
};
let handler;
try {
  handler = await load(env._HANDLER);
} catch (error) {
  failed("Uncaught Exception", error);
  await report("/init/error", error);
  process.exit(1);
}
await serve(handler);
