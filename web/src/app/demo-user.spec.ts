import { demoUser } from './demo-user';

const answers = (response: Response) => (async () => response) as typeof fetch;

describe('the demo user', () => {
  it('is read when it is needed', async () => {
    const user = { username: 'demo', password: 'Secret-1' };
    expect(await demoUser(answers(new Response(JSON.stringify(user))))).toEqual(user);
  });

  it.each([
    ['is served no more', answers(new Response('', { status: 404 }))],
    ['cannot be reached', (async () => Promise.reject(new TypeError('Failed to fetch'))) as typeof fetch],
  ])('that %s: what to do is said', async (_, fetcher) => {
    await expect(demoUser(fetcher)).rejects.toThrow('Start it again.');
  });
});
