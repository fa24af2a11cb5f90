// Lambda unpacks layers into /opt; here they are in a folder of their own, which /opt in code's paths stands for.
import fs from "node:fs";
import Module, { syncBuiltinESMExports } from "node:module";

const READING = ["access", "createReadStream", "exists", "lstat", "open", "opendir", "readdir", "readFile", "realpath", "stat"];

export function mount(folder) {
  const real = (path) => (typeof path === "string" && /^\/opt(\/|$)/.test(path) ? folder + path.slice(4) : path);
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (request, ...rest) {
    return resolve.call(this, real(request), ...rest);
  };
  for (const [owner, names] of [[fs, READING.flatMap((name) => [name, `${name}Sync`])], [fs.promises, READING]]) {
    for (const name of names) {
      const original = owner[name];
      if (typeof original !== "function") continue;
      owner[name] = Object.assign((path, ...rest) => original.call(owner, real(path), ...rest), original);
    }
  }
  syncBuiltinESMExports();
}

// For `import`, whose hook runs in a thread of its own.
export async function resolve(specifier, context, next) {
  const path = specifier.replace(/^file:\/\//, "");
  return next(/^\/opt\//.test(path) ? `file://${process.env.ACCOUNTSCTL_OPT}${path.slice(4)}` : specifier, context);
}
