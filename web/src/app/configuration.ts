import { signal } from '@angular/core';
import { Amplify } from 'aws-amplify';

/** The file that `accountsctl export` writes, served beside the page. */
export const FILE = 'amplify_outputs.json';

interface Outputs {
  readonly Auth?: { readonly Cognito?: Record<string, unknown> };
  readonly API?: { readonly REST?: Record<string, { readonly endpoint: string }> };
  readonly custom?: {
    readonly API?: readonly { readonly name?: string; readonly cors?: Cors }[];
    readonly page?: PageEnvironment;
  };
}

/** The environment that `accountsctl ui` serves the page for; a page that is hosted elsewhere may have none. */
export interface PageEnvironment {
  readonly environment: string;
  readonly cloud: 'local' | 'aws';
  readonly protected?: boolean;
  /** The name of the embedded cloud's demo user; only a local environment has one. */
  readonly demoUser?: string;
}

/** By path, what its preflight allows. Of a path that is not in it, nothing is known. */
type Cors = Record<string, { readonly allowHeaders?: readonly string[]; readonly allowMethods?: readonly string[] }>;

/** What the page needs to know of the backend beyond what Amplify knows. */
export interface Backend {
  readonly apiName: string;
  readonly endpoint: string;
  readonly takes: Takes;
  readonly page?: PageEnvironment;
}

/** The backend of this page, once it is known. */
export const backend = signal<Backend | undefined>(undefined);

/** True for an environment in which a mistake costs more than a demo: a protected one, or one that is called so. */
export function critical(page: PageEnvironment | undefined): boolean {
  return page !== undefined && page.cloud !== 'local' && (page.protected === true || /^(prod|production|live)\b/i.test(page.environment));
}

/** What this API takes beyond the plain requests that every version of it takes; each needs its CORS answer's leave. */
export interface Takes {
  /** POST carries an `Idempotency-Key`, so that a repeated one makes no second account. */
  readonly idempotencyKey: boolean;
  /** A change is a PATCH of the changed fields; without it, a PUT of the whole account. */
  readonly patch: boolean;
  /** A change names the version that it is based on (`If-Match`), so that it does not undo what somebody else changed. */
  readonly ifMatch: boolean;
}

/** The page's configuration is missing or of no use; `message` says what is wrong with it. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Read the configuration and give it to Amplify; ConfigurationError where that cannot be done. */
export async function configure(fetcher: typeof fetch = fetch): Promise<Backend> {
  const outputs = parse(await read(fetcher));
  const found = backendOf(outputs);
  Amplify.configure(outputs as Parameters<typeof Amplify.configure>[0]);
  backend.set(found);
  return found;
}

async function read(fetcher: typeof fetch): Promise<string> {
  const answer = await fetcher(FILE, { cache: 'no-store' }).catch((error: unknown) => {
    throw new ConfigurationError(`${FILE} could not be fetched: ${String(error)}`);
  });
  if (!answer.ok) {
    throw new ConfigurationError(`There is no ${FILE} beside this page (${answer.status} ${answer.statusText}).`);
  }
  return answer.text();
}

function parse(text: string): Outputs {
  try {
    return JSON.parse(text) as Outputs;
  } catch {
    throw new ConfigurationError(`${FILE} is not JSON.`);
  }
}

/** The REST API to call: the only one, or the one whose name tells that it serves accounts. */
export function backendOf(outputs: Outputs): Backend {
  if (!outputs?.Auth?.Cognito?.['userPoolId']) {
    throw new ConfigurationError(`${FILE} names no user pool (Auth.Cognito.userPoolId).`);
  }
  const apis = Object.entries(outputs.API?.REST ?? {});
  const [apiName, api] = apis.find(([name]) => /accounts/i.test(name)) ?? apis[0] ?? [];
  if (!apiName || !api) {
    throw new ConfigurationError(`${FILE} names no REST API (API.REST).`);
  }
  const cors = outputs.custom?.API?.find(({ name }) => name === apiName)?.cors;
  const page = outputs.custom?.page;
  return { apiName, endpoint: api.endpoint, takes: taken(cors), ...(page ? { page } : {}) };
}

/** A star names every header, but it tells of no method that there is one. */
function taken(cors: Cors = {}): Takes {
  const headers = (path: string) => (cors[path]?.allowHeaders ?? []).map((name) => name.toLowerCase());
  const takes = (path: string, header: string) => headers(path).includes(header) || headers(path).includes('*');
  const methods = cors['/accounts/{id}']?.allowMethods ?? [];
  return {
    idempotencyKey: takes('/accounts', 'idempotency-key'),
    patch: methods.includes('PATCH'),
    ifMatch: takes('/accounts/{id}', 'if-match') && methods.includes('GET'),
  };
}
