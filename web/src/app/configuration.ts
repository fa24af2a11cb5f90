import { Amplify } from 'aws-amplify';

/** The file that `accountsctl export` writes, served beside the page. */
export const FILE = 'amplify_outputs.json';

interface Outputs {
  readonly Auth?: { readonly Cognito?: Record<string, unknown> };
  readonly API?: { readonly REST?: Record<string, { readonly endpoint: string }> };
}

/** What the page needs to know of the backend beyond what Amplify knows. */
export interface Backend {
  readonly apiName: string;
  readonly endpoint: string;
}

/** The page's configuration is missing or of no use; `message` says what is wrong with it. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Read the configuration and give it to Amplify; ConfigurationError where that cannot be done. */
export async function configure(fetcher: typeof fetch = fetch): Promise<Backend> {
  const outputs = parse(await read(fetcher));
  const backend = backendOf(outputs);
  Amplify.configure(outputs as Parameters<typeof Amplify.configure>[0]);
  return backend;
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
  return { apiName, endpoint: api.endpoint };
}
