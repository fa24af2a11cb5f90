import { ConfigurationError, PageEnvironment, backend, backendOf, configure, critical } from './configuration';

const Auth = { Cognito: { userPoolId: 'eu-west-1_A', userPoolClientId: 'web' } };
const api = (endpoint: string) => ({ endpoint, region: 'eu-west-1' });
const says = (body: string, status = 200) => (async () => new Response(body, { status, statusText: 'Not Found' })) as typeof fetch;

describe('the configuration', () => {
  it('names the only API', () => {
    expect(backendOf({ Auth, API: { REST: { web: api('https://x/dev') } } })).toMatchObject({
      apiName: 'web',
      endpoint: 'https://x/dev',
    });
  });

  it('prefers, of several, the one that serves accounts', () => {
    const REST = { orders: api('https://o/dev'), accountsAPI: api('https://a/dev') };
    expect(backendOf({ Auth, API: { REST } }).apiName).toBe('accountsAPI');
  });

  describe('tells what the API takes beyond plain requests:', () => {
    const of = (cors?: object) => {
      const custom = { API: [{ name: 'other', cors: ALL }, { name: 'web', cors }] };
      return backendOf({ Auth, API: { REST: { web: api('https://x/dev') } }, custom } as Parameters<typeof backendOf>[0]).takes;
    };
    const ALL = {
      '/accounts': { allowHeaders: ['Authorization', 'idempotency-key'], allowMethods: ['GET', 'POST'] },
      '/accounts/{id}': { allowHeaders: ['Authorization'], allowMethods: ['PATCH', 'PUT'] },
    };

    it.each([
      ['what its preflights allow', ALL, true, true],
      ['a key by a star, but no method', { '/accounts': { allowHeaders: ['*'] }, '/accounts/{id}': { allowMethods: ['*'] } }, true, false],
      ['nothing that another path allows', { '/accounts/{id}': ALL['/accounts'], '/accounts': ALL['/accounts/{id}'] }, false, false],
      ['nothing where nothing is known', undefined, false, false],
    ])('%s', (_, cors, idempotencyKey, patch) => {
      expect(of(cors)).toMatchObject({ idempotencyKey, patch });
    });

    it.each([
      [['If-Match'], ['GET', 'PUT'], true],
      [['*'], ['GET'], true],
      [['If-Match'], ['PUT'], false],
      [['Authorization'], ['GET', 'PUT'], false],
    ])('versions, by %j and %j: %j', (allowHeaders, allowMethods, ifMatch) => {
      expect(of({ '/accounts/{id}': { allowHeaders, allowMethods } }).ifMatch).toBe(ifMatch);
    });

    it('nothing in a file that was written before that was reported', () => {
      expect(backendOf({ Auth, API: { REST: { web: api('https://x/dev') } } }).takes).toEqual({ idempotencyKey: false, patch: false, ifMatch: false });
    });
  });

  it('names the environment that it is for, where it is known', async () => {
    const page: PageEnvironment = { environment: 'dev', cloud: 'local', demoUser: 'demo' };
    const outputs = { Auth, API: { REST: { web: api('https://x/dev') } }, custom: { page } };
    await configure(says(JSON.stringify(outputs)));
    expect(backend()?.page).toEqual(page);
    backend.set(undefined);
  });

  it.each([
    [undefined, false],
    [{ environment: 'prod', cloud: 'local' }, false],
    [{ environment: 'staging', cloud: 'aws' }, false],
    [{ environment: 'staging', cloud: 'aws', protected: true }, true],
    [{ environment: 'prod-eu', cloud: 'aws' }, true],
    [{ environment: 'product', cloud: 'aws' }, false],
  ] as [PageEnvironment | undefined, boolean][])('of %j warns: %j', (page, warns) => {
    expect(critical(page)).toBe(warns);
  });

  it.each([
    [{}, 'user pool'],
    [{ Auth }, 'REST API'],
  ])('%j is refused', (outputs, missing) => {
    expect(() => backendOf(outputs)).toThrow(missing);
  });

  it('that is missing, broken or out of reach is reported', async () => {
    await expect(configure(says('', 404))).rejects.toThrow('There is no amplify_outputs.json next to this page (404 Not Found).');
    await expect(configure(says('<html>'))).rejects.toThrow('is not valid JSON');
    const down = (async () => Promise.reject(new TypeError('Failed to fetch'))) as typeof fetch;
    await expect(configure(down)).rejects.toBeInstanceOf(ConfigurationError);
  });
});
