import { UnreadableError } from './account';
import { ConfigurationError, backend } from './configuration';

/** Something went wrong, as it is shown: what, why, and what to do next. */
export interface Problem {
  readonly kind: Kind;
  readonly what: string;
  readonly why: string;
  readonly next: string;
  /** Where it will pass by itself: after how many seconds it is worth trying again. */
  readonly retryAfter?: number;
  /** What is wrong with which field of what was sent; an empty field is all of it. */
  readonly faults?: readonly Fault[];
  /** For whoever looks into it: the status, and the request's id. */
  readonly detail?: string;
}

export interface Fault {
  readonly field: string;
  readonly problem: string;
}

export type Kind = 'configuration' | 'session' | 'forbidden' | 'asleep' | 'network' | 'refused' | 'changed' | 'gone' | 'failed';

interface Response {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

interface Body {
  readonly message?: string;
  readonly Message?: string;
  readonly faults?: readonly Fault[];
  readonly requestId?: string;
}

const WAIT = 5;
/** What Amplify calls a fetch that failed. */
export const NETWORK = 'NetworkError';
const NO_SESSION = new Set(['NotAuthorizedException', 'UserUnAuthenticatedException', 'UserNotFoundException']);

/** Where this page is: commands that it names are about this origin and this environment. */
export interface Here {
  readonly origin: string;
  readonly environment?: string | undefined;
}

/** A command, for the environment of the page: another one may be checked out. */
function command(words: string, { environment }: Here): string {
  return `accountsctl ${words}${environment ? ` -e ${environment}` : ''}`;
}

/** What to tell of an error that a call of the API, or of Amplify on its way there, threw. */
export function problemOf(error: unknown, here: Here = { origin: location.origin, environment: backend()?.page?.environment }): Problem {
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
      next: `See what it answers: ${command('call GET /accounts', here)}`,
    };
  }
  const response = responseOf(error);
  if (response) {
    return ofResponse(response, here);
  }
  const name = error instanceof Error ? error.name : '';
  if (NO_SESSION.has(name)) {
    return session((error as Error).message);
  }
  if (name === NETWORK) {
    return network(here);
  }
  return { kind: 'failed', what: 'Something went wrong in this page.', why: String(error), next: 'Load the page again.' };
}

/** The answer that an error carries: Amplify's ApiError keeps it. */
export function responseOf(error: unknown): Response | undefined {
  const found = (error as { response?: Response } | null)?.response;
  return typeof found?.statusCode === 'number' ? found : undefined;
}

function ofResponse({ statusCode, headers, body }: Response, here: Here): Problem {
  const said = parsed(body);
  const request = said.requestId ?? headers['x-amzn-requestid'];
  const faults = said.faults ?? [];
  const detail = `Status ${statusCode}${request ? `, request ${request}` : ''}`;
  const why = said.message ?? said.Message ?? (body?.slice(0, 200) || 'No reason was given.');
  return { ...ofStatus(statusCode, why, headers, here), detail, ...(faults.length ? { faults } : {}) };
}

function ofStatus(statusCode: number, why: string, headers: Record<string, string>, here: Here): Problem {
  switch (statusCode) {
    case 401:
      return session(why);
    case 403:
      return {
        kind: 'forbidden',
        what: 'The API refuses this request.',
        why,
        next: `See which rule it is: ${command(`doctor cors --origin ${here.origin}`, here)}`,
      };
    case 404:
      return { kind: 'gone', what: 'This account is gone.', why, next: 'Somebody else may have deleted it. Close this, and reload the accounts.' };
    case 412:
    case 428:
      return {
        kind: 'changed',
        what: 'Somebody else changed this account meanwhile.',
        why,
        next: 'What is stored now is shown, and what you typed is kept. Look at it, and press again.',
      };
    case 409:
    case 400:
    case 413:
    case 422:
      return { kind: 'refused', what: 'The API did not take this.', why, next: 'Change what is named above, and try again.' };
    case 503:
    case 504:
      return passing('The database is not awake yet.', why, headers);
    case 429:
      return passing('Too many requests just now.', why, headers);
    default:
      return {
        kind: 'failed',
        what: 'The API failed.',
        why,
        next: `The function's log has the details; accountsctl dev shows it, and so does: ${command('logs', here)}`,
      };
  }
}

function passing(what: string, why: string, headers: Record<string, string>): Problem {
  const retryAfter = Number(headers['retry-after']) || WAIT;
  return { kind: 'asleep', what, why, next: `Try again in ${retryAfter} s.`, retryAfter };
}

function session(why: string): Problem {
  return { kind: 'session', what: 'Your session is over.', why, next: 'Sign in again.' };
}

function network(here: Here): Problem {
  return {
    kind: 'network',
    what: 'The browser got no answer that it may show to this page.',
    why: 'The API is not reachable, or its answer lacks the CORS headers for this page; a browser does not tell which.',
    next: `Find out which: ${command(`doctor cors --origin ${here.origin}`, here)}`,
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
