import { UnreadableError } from './account';
import { ConfigurationError } from './configuration';
import { problemOf } from './problem';

const HERE = { origin: 'http://localhost:4200' };

const answer = (statusCode: number, body: unknown = {}, headers: Record<string, string> = {}) =>
  Object.assign(new Error('Unknown error'), {
    name: 'UnknownError',
    response: { statusCode, headers, body: typeof body === 'string' ? body : JSON.stringify(body) },
  });

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

describe('a problem', () => {
  it('of a session is reported as one, whichever part noticed it', () => {
    expect(problemOf(answer(401, { message: 'The incoming token has expired' }), HERE)).toMatchObject({
      kind: 'session',
      why: 'The incoming token has expired',
      detail: 'Status 401',
    });
    expect(problemOf(named('NotAuthorizedException', 'Refresh Token has been revoked'), HERE).kind).toBe('session');
  });

  it('that passes says after how many seconds', () => {
    expect(problemOf(answer(503, {}, { 'retry-after': '10' }), HERE)).toMatchObject({ kind: 'asleep', retryAfter: 10 });
    expect(problemOf(answer(504), HERE).retryAfter).toBeGreaterThan(0);
    expect(problemOf(answer(500), HERE).retryAfter).toBeUndefined();
    expect(problemOf(answer(503, {}, { 'retry-after': '0.4' }), HERE).retryAfter).toBe(1);
    for (const header of ['-5', '0', 'Wed, 21 Oct 2026 07:28:00 GMT']) {
      expect(problemOf(answer(503, {}, { 'retry-after': header }), HERE).retryAfter).toBeGreaterThan(0);
    }
  });

  it('of the network names the command that finds its cause, for this origin', () => {
    expect(problemOf(named('NetworkError', 'A network error has occurred.'), HERE)).toMatchObject({
      kind: 'network',
      next: 'Find out which: accountsctl doctor cors --origin http://localhost:4200',
    });
  });

  it('names the environment of the page in its commands, whichever is checked out', () => {
    const prod = { ...HERE, environment: 'prod' };
    expect(problemOf(named('NetworkError', ''), prod).next).toContain('accountsctl doctor cors --origin http://localhost:4200 -e prod');
    expect(problemOf(answer(500), prod).next).toContain('accountsctl logs -e prod');
    expect(problemOf(answer(500), HERE).next).not.toContain('-e');
  });

  it.each([
    [403, 'forbidden', 'accountsctl doctor cors --origin'],
    [404, 'gone', 'reload the accounts'],
    [409, 'refused', 'Change what is named above'],
    [412, 'changed', 'press again'],
    [429, 'asleep', 'Try again in 5 s.'],
  ])('of status %d is %s, and says what to do', (status, kind, next) => {
    const problem = problemOf(answer(status), HERE);
    expect(problem.kind).toBe(kind);
    expect(problem.next).toContain(next);
  });

  it('with a request names every fault of it', () => {
    const faults = [
      { field: 'account_number', problem: 'is taken' },
      { field: '', problem: 'The body is not JSON.' },
    ];
    expect(problemOf(answer(400, { message: 'Not valid.', faults, requestId: 'r-1' }), HERE)).toMatchObject({
      kind: 'refused',
      why: 'Not valid.',
      detail: 'Status 400, request r-1',
      faults,
    });
  });

  it.each([{ faults: 'none' }, { faults: {} }, { faults: [null, 'x', { field: 1 }] }, { message: { text: 'no' } }, { requestId: 7 }])(
    'of a body of an unknown shape, %j, takes nothing from it',
    (body) => {
      const problem = problemOf(answer(400, body), HERE);
      expect(problem).toMatchObject({ kind: 'refused', why: JSON.stringify(body), detail: 'Status 400' });
      expect(problem.faults).toBeUndefined();
    },
  );

  it('of a resource policy has its reason', () => {
    expect(problemOf(answer(403, { Message: 'User: anonymous is not authorized' }), HERE).why).toBe('User: anonymous is not authorized');
  });

  it('whose response is not valid JSON shows the beginning of it', () => {
    expect(problemOf(answer(502, '<html>Bad gateway</html>'), HERE).why).toBe('<html>Bad gateway</html>');
    expect(problemOf(answer(502, 'null'), HERE).why).toBe('null');
  });

  it('with the configuration says how to write it', () => {
    expect(problemOf(new ConfigurationError('There is none.'), HERE)).toMatchObject({ kind: 'configuration', why: 'There is none.' });
  });

  it('with an answer that cannot be read is none of the network', () => {
    expect(problemOf(new UnreadableError('The response is not valid JSON.'), HERE)).toMatchObject({ kind: 'failed', why: 'The response is not valid JSON.' });
    expect(problemOf(new TypeError('x is undefined'), HERE).kind).toBe('failed');
  });

  it('that was not foreseen is reported as it is', () => {
    expect(problemOf(new RangeError('odd'), HERE)).toMatchObject({ kind: 'failed', why: 'RangeError: odd' });
    expect(problemOf(undefined, HERE).kind).toBe('failed');
  });
});
