import { signal } from '@angular/core';
import { Amplify } from 'aws-amplify';

/** The file that `accountsctl export` writes, served next to the page. */
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

/** What the preflight of each path allows; nothing is known about a path that is missing. */
type Cors = Record<string, { readonly allowHeaders?: readonly string[]; readonly allowMethods?: readonly string[] }>;

/** What the page needs to know of the backend beyond what Amplify knows. */
export interface Backend {
  readonly apiName: string;
  readonly endpoint: string;
  readonly takes: Takes;
  readonly page?: PageEnvironment;
}

/** The backend of this page; undefined until `configure` has read it. */
export const backend = signal<Backend | undefined>(undefined);

/** True for an environment in which a mistake is expensive: it is protected, or its name says that it is production. */
export function critical(page: PageEnvironment | undefined): boolean {
  return page !== undefined && page.cloud !== 'local' && (page.protected === true || /^(prod|production|live)\b/i.test(page.environment));
}

/** What this API accepts in addition to plain requests. A browser may send it only if the preflight allows it. */
export interface Takes {
  /** POST carries an `Idempotency-Key`, so that a repeated one makes no second account. */
  readonly idempotencyKey: boolean;
  /** A change is a PATCH of the changed fields; without it, a PUT of the whole account. */
  readonly patch: boolean;
  /** A change names the version that it is based on (`If-Match`), so that it does not undo what somebody else changed. */
  readonly ifMatch: boolean;
}

/** The page's configuration is missing or not usable; `message` says what is wrong with it. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Read the configuration and give it to Amplify; ConfigurationError if that is not possible. */
export async function configure(fetcher: typeof fetch = fetch): Promise<void> {
  const outputs = parse(await read(fetcher));
  const described = backendOf(outputs);
  Amplify.configure(outputs as Parameters<typeof Amplify.configure>[0]);
  backend.set(described);
}

async function read(fetcher: typeof fetch): Promise<string> {
  const response = await fetcher(FILE, { cache: 'no-store' }).catch((error: unknown) => {
    throw new ConfigurationError(`${FILE} could not be fetched: ${String(error)}`);
  });
  if (!response.ok) {
    throw new ConfigurationError(`There is no ${FILE} next to this page (${response.status} ${response.statusText}).`);
  }
  return response.text();
}

function parse(text: string): Outputs {
  try {
    return JSON.parse(text) as Outputs;
  } catch {
    throw new ConfigurationError(`${FILE} is not valid JSON.`);
  }
}

/** The REST API to call: the one whose name contains "accounts", or else the first one. */
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
  return { apiName, endpoint: api.endpoint, takes: takesOf(cors), ...(page ? { page } : {}) };
}

/** A star stands for every header; as a method it is ignored, because it does not say which methods exist. */
function takesOf(cors: Cors = {}): Takes {
  const allows = (path: string, header: string) =>
    (cors[path]?.allowHeaders ?? []).some((name) => name === '*' || name.toLowerCase() === header);
  const methods = cors['/accounts/{id}']?.allowMethods ?? [];
  return {
    idempotencyKey: allows('/accounts', 'idempotency-key'),
    patch: methods.includes('PATCH'),
    ifMatch: allows('/accounts/{id}', 'if-match') && methods.includes('GET'),
  };
}
