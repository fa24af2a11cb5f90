// What console writes in Lambda's Node runtime: each message with its time, request and level, or as a line of JSON.
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
import util from "node:util";

const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
const METHODS = { trace: "TRACE", debug: "DEBUG", log: "INFO", info: "INFO", warn: "WARN", error: "ERROR", fatal: "FATAL" };
let requestId;
let asJson = false;
let least = 0;

export function patchConsole(env) {
  asJson = env.AWS_LAMBDA_LOG_FORMAT === "JSON";
  least = asJson ? Math.max(0, LEVELS.indexOf(env.AWS_LAMBDA_LOG_LEVEL)) : 0;
  for (const [method, level] of Object.entries(METHODS)) {
    console[method] = (...messages) => write(level, messages);
  }
}

export function logAs(id) {
  requestId = id;
}

export function failed(what, error) {
  if (asJson) return write("ERROR", [error]);
  write("ERROR", [what, `\t${serialized(error)}`]);
}

function serialized(error) {
  try {
    return JSON.stringify(shown(error));
  } catch {
    // It refers to itself, as the errors of some HTTP clients do: what every error has, then.
    const { errorType, errorMessage, stack } = shown(error);
    return JSON.stringify({ errorType, errorMessage, stack });
  }
}

function shown(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), stack: [] };
  const { name, message, stack, ...more } = error;
  return { errorType: error.name, errorMessage: error.message, ...more, stack: (error.stack ?? "").split("\n") };
}

function write(level, messages) {
  if (LEVELS.indexOf(level) < least) return;
  const line = asJson ? structured(level, messages) : text(level, messages);
  process.stdout.write(`${line}\n`);
}

function text(level, messages) {
  return [new Date().toISOString(), requestId, level, util.format(...messages)].join("\t");
}

function structured(level, messages) {
  const line = { timestamp: new Date().toISOString(), level, requestId };
  const [first] = messages;
  try {
    if (messages.length === 1 && typeof first === "object" && !(first instanceof Error)) {
      return JSON.stringify({ ...line, message: first });
    }
  } catch {
    // It refers to itself: as text, then.
  }
  const error = messages.find((message) => message instanceof Error);
  const parts = error ? { errorType: error.name, errorMessage: error.message, stackTrace: (error.stack ?? "").split("\n") } : {};
  return JSON.stringify({ ...line, message: util.format(...messages), ...parts });
}
