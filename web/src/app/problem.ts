import { UnreadableError } from './account';
import { ConfigurationError } from './configuration';

/** Something went wrong, as it is shown: what, why, and what to do next. */
export interface Problem {
  readonly kind: Kind;
  readonly what: string;
  readonly why: string;
  readonly next: string;
  /** Where it will pass by itself: after how many seconds it is worth trying again. */
  readonly retryAfter?: number;
}

export type Kind = 'configuration' | 'session' | 'forbidden' | 'asleep' | 'network' | 'refused' | 'failed';

interface Response {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

interface Body {
  readonly message?: string;
  readonly Message?: string;
  readonly faults?: readonly { readonly field: string; readonly problem: string }[];
  readonly requestId?: string;
}

const WAIT = 5;
/** What Amplify calls a fetch that failed. */
export const NETWORK = 'NetworkError';
const NO_SESSION = new Set(['NotAuthorizedException', 'UserUnAuthenticatedException', 'UserNotFoundException']);

/** What to tell of an error that a call of the API, or of Amplify on its way there, threw. */
export function problemOf(error: unknown, origin: string = location.origin): Problem {
  if (error instanceof ConfigurationError) {
    return {
      kind: 'configuration',
      what: 'This page does not know its backend.',
      why: error.message,
      next: 'Write it with: accountsctl export --out amplify_outputs.json',
    };
  }
  if (error instanceof UnreadableError) {
    return {
      kind: 'failed',
      what: 'The API answered what this page cannot read.',
      why: error.message,
      next: 'See what it answers: accountsctl call GET /accounts',
    };
  }
  const response = responseOf(error);
  if (response) {
    return ofResponse(response, origin);
  }
  const name = error instanceof Error ? error.name : '';
  if (NO_SESSION.has(name)) {
    return session((error as Error).message);
  }
  if (name === NETWORK) {
    return network(origin);
  }
  return { kind: 'failed', what: 'Something went wrong in this page.', why: String(error), next: 'Load the page again.' };
}

/** The answer that an error carries: Amplify's ApiError keeps it. */
export function responseOf(error: unknown): Response | undefined {
  const found = (error as { response?: Response } | null)?.response;
  return typeof found?.statusCode === 'number' ? found : undefined;
}

function ofResponse({ statusCode, headers, body }: Response, origin: string): Problem {
  const said = parsed(body);
  const request = said.requestId ?? headers['x-amzn-requestid'];
  const why = `${messageOf(said, body)} (${statusCode}${request ? `, request ${request}` : ''})`;
  switch (statusCode) {
    case 401:
      return session(why);
    case 403:
      return {
        kind: 'forbidden',
        what: 'The API refuses this request.',
        why,
        next: `See which rule it is: accountsctl doctor cors --origin ${origin}`,
      };
    case 404:
      return { kind: 'refused', what: 'This account is gone.', why, next: 'Somebody else may have deleted it; reload the accounts.' };
    case 409:
    case 400:
    case 412:
    case 413:
    case 422:
    case 428:
      return { kind: 'refused', what: 'The API did not take this.', why, next: 'Change what is named above, and try again.' };
    case 503:
    case 504:
      return passing('The database is not awake yet.', why, headers);
    case 429:
      return passing('Too many requests just now.', why, headers);
    default:
      return { kind: 'failed', what: 'The API failed.', why, next: "The function's log has the details; accountsctl dev shows it, and so does: accountsctl logs" };
  }
}

function passing(what: string, why: string, headers: Record<string, string>): Problem {
  const retryAfter = Number(headers['retry-after']) || WAIT;
  return { kind: 'asleep', what, why, next: `Try again in ${retryAfter} s.`, retryAfter };
}

function session(why: string): Problem {
  return { kind: 'session', what: 'Your session is over.', why, next: 'Sign in again.' };
}

function network(origin: string): Problem {
  return {
    kind: 'network',
    what: 'The browser got no answer that it may show to this page.',
    why: 'The API is not reachable, or its answer lacks the CORS headers for this page; a browser does not tell which.',
    next: `Find out which: accountsctl doctor cors --origin ${origin}`,
  };
}

function parsed(body: string | undefined): Body {
  try {
    const value: unknown = JSON.parse(body ?? '');
    return value !== null && typeof value === 'object' ? value : {};
  } catch {
    return {};
  }
}

function messageOf(said: Body, body: string | undefined): string {
  const message = said.message ?? said.Message ?? (body?.slice(0, 200) || 'No reason was given.');
  const faults = (said.faults ?? []).map(({ field, problem }) => (field ? `${field.replaceAll('_', ' ')} ${problem}` : problem));
  return faults.length ? `${message} ${faults.join('; ').replace(/\.$/, '')}.` : message;
}
