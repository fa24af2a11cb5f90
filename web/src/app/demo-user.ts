/** `accountsctl ui` serves this file for a local environment only. */
export const FILE = 'demo-user.json';

export interface DemoUser {
  readonly username: string;
  readonly password: string;
}

/** The demo user; an error that says what to do if it cannot be read. */
export async function demoUser(fetcher: typeof fetch = fetch): Promise<DemoUser> {
  const response = await fetcher(FILE, { cache: 'no-store' }).catch(() => undefined);
  if (!response?.ok) {
    throw new Error('The demo user cannot be read: accountsctl ui does not answer any more. Start it again.');
  }
  return response.json() as Promise<DemoUser>;
}
