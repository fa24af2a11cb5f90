import { UnreadableError } from './account';
import { ConfigurationError, backend } from './configuration';

/** What went wrong, as it is shown: what, why, and what to do next. */
export interface Problem {
  readonly kind: Kind;
  readonly what: string;
  readonly why: string;
  readonly next: string;
  /** Seconds after which it is worth trying again; undefined if it will not pass by itself. */
  readonly retryAfter?: number;
  /** What is wrong with which field of the request; an empty `field` means the body. */
  readonly faults?: readonly Fault[];
  /** What to search the logs for: the status, and the request's id. */
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

/** What a body may say. API Gateway writes `message`, and `Message` where a resource policy denies. */
interface Body {
  readonly message?: string | undefined;
  readonly faults: readonly Fault[];
  readonly requestId?: string | undefined;
}

/** Seconds to wait if the response has no Retry-After that is a number. */
const WAIT = 5;
/** The name of Amplify's error for a fetch that failed. */
export const NETWORK = 'NetworkError';
const NO_SESSION = new Set(['NotAuthorizedException', 'UserUnAuthenticatedException', 'UserNotFoundException']);

/** Where this page is: commands that it names are about this origin and this environment. */
export interface Here {
  readonly origin: string;
  readonly environment?: string | undefined;
}

function thisPage(): Here {
  return { origin: location.origin, environment: backend()?.page?.environment };
}

/** A command, for the environment of the page: another one may be checked out. */
function command(words: string, { environment }: Here): string {
  return `accountsctl ${words}${environment ? ` -e ${environment}` : ''}`;
}

/** The problem behind an error that a call of the API threw, or Amplify before the call. */
export function problemOf(error: unknown, here = thisPage()): Problem {
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
      what: 'The API gave a response that this page cannot read.',
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

/** The problem behind an error of reading the list. There a 404 means that the API has no such path, and not an account. */
export function problemOfList(error: unknown, here = thisPage()): Problem {
  const problem = problemOf(error, here);
  if (problem.kind !== 'gone') return problem;
  const next = `The page reads GET /accounts. See which paths are deployed: ${command('export --format openapi', here)}`;
  return { ...problem, kind: 'failed', what: 'The API has no accounts to list.', next };
}

/** The response that an error carries: Amplify's ApiError has it. */
function responseOf(error: unknown): Response | undefined {
  const response = (error as { response?: Response } | null)?.response;
  return typeof response?.statusCode === 'number' ? response : undefined;
}

function ofResponse({ statusCode, headers, body }: Response, here: Here): Problem {
  const { message, faults, requestId } = parsed(body);
  const request = requestId ?? headers['x-amzn-requestid'];
  const detail = `Status ${statusCode}${request ? `, request ${request}` : ''}`;
  const why = message ?? (body?.slice(0, 200) || 'No reason was given.');
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
  const seconds = Number(headers['retry-after']);
  const retryAfter = seconds > 0 ? Math.ceil(seconds) : WAIT;
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
    const value = (JSON.parse(body ?? '') ?? {}) as Record<string, unknown>;
    const faults = Array.isArray(value['faults']) ? value['faults'].filter(isFault) : [];
    return { message: text(value['message']) ?? text(value['Message']), faults, requestId: text(value['requestId']) };
  } catch {
    // Not JSON: the caller shows the beginning of the body as it is.
    return { faults: [] };
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isFault(value: Partial<Fault> | null): value is Fault {
  return typeof value?.field === 'string' && typeof value.problem === 'string';
}
