import { UnreadableError } from './account';
import { ConfigurationError } from './configuration';
import { problemOf } from './problem';

const ORIGIN = 'http://localhost:4200';

const answer = (statusCode: number, body: unknown = {}, headers: Record<string, string> = {}) =>
  Object.assign(new Error('Unknown error'), {
    name: 'UnknownError',
    response: { statusCode, headers, body: typeof body === 'string' ? body : JSON.stringify(body) },
  });

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

describe('a problem', () => {
  it('of a session is reported as one, whichever part noticed it', () => {
    expect(problemOf(answer(401, { message: 'The incoming token has expired' }), ORIGIN)).toMatchObject({
      kind: 'session',
      why: 'The incoming token has expired (401)',
    });
    expect(problemOf(named('NotAuthorizedException', 'Refresh Token has been revoked'), ORIGIN).kind).toBe('session');
  });

  it('that passes says after how many seconds', () => {
    expect(problemOf(answer(503, {}, { 'retry-after': '10' }), ORIGIN)).toMatchObject({ kind: 'asleep', retryAfter: 10 });
    expect(problemOf(answer(504), ORIGIN).retryAfter).toBeGreaterThan(0);
    expect(problemOf(answer(500), ORIGIN).retryAfter).toBeUndefined();
  });

  it('of the network names the command that finds its cause, for this origin', () => {
    expect(problemOf(named('NetworkError', 'A network error has occurred.'), ORIGIN)).toMatchObject({
      kind: 'network',
      next: 'Find out which: accountsctl doctor cors --origin http://localhost:4200',
    });
  });

  it('with a request names every fault of it', () => {
    const faults = [
      { field: 'account_number', problem: 'is taken' },
      { field: '', problem: 'The body is not JSON.' },
    ];
    expect(problemOf(answer(400, { message: 'Not valid.', faults, requestId: 'r-1' }), ORIGIN).why).toBe(
      'Not valid. account number is taken; The body is not JSON. (400, request r-1)',
    );
  });

  it('whose response is not valid JSON shows the beginning of it', () => {
    expect(problemOf(answer(502, '<html>Bad gateway</html>'), ORIGIN).why).toBe('<html>Bad gateway</html> (502)');
    expect(problemOf(answer(502, 'null'), ORIGIN).why).toBe('null (502)');
  });

  it('with the configuration says how to write it', () => {
    expect(problemOf(new ConfigurationError('There is none.'), ORIGIN)).toMatchObject({ kind: 'configuration', why: 'There is none.' });
  });

  it('with an answer that cannot be read is none of the network', () => {
    expect(problemOf(new UnreadableError('The response is not valid JSON.'), ORIGIN)).toMatchObject({ kind: 'failed', why: 'The response is not valid JSON.' });
    expect(problemOf(new TypeError('x is undefined'), ORIGIN).kind).toBe('failed');
  });

  it('that was not foreseen is reported as it is', () => {
    expect(problemOf(new RangeError('odd'), ORIGIN)).toMatchObject({ kind: 'failed', why: 'RangeError: odd' });
    expect(problemOf(undefined, ORIGIN).kind).toBe('failed');
  });
});
