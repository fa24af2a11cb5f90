// A front end in thirty lines: aws-amplify v6, configured by the file that `accountsctl export` wrote.
// Usage: node client.mjs amplify_outputs.json PATH, with ACCOUNTSCTL_USER and ACCOUNTSCTL_PASSWORD set.
import { readFileSync } from 'node:fs';
import { Amplify } from 'aws-amplify';
import { get } from 'aws-amplify/api';
import { fetchAuthSession, signIn, signOut } from 'aws-amplify/auth';

const [file, path] = process.argv.slice(2);
const configuration = JSON.parse(readFileSync(file, 'utf8'));
Amplify.configure(configuration);

const signed = await signIn({ username: process.env.ACCOUNTSCTL_USER, password: process.env.ACCOUNTSCTL_PASSWORD });
const { tokens } = await fetchAuthSession({ forceRefresh: true });
const apiName = Object.keys(configuration.API.REST)[0];
const headers = { Authorization: tokens.idToken.toString() };
const { statusCode, body } = await get({ apiName, path, options: { headers } }).response;
const answer = { isSignedIn: signed.isSignedIn, flow: 'SRP', statusCode, body: await body.json() };
await signOut();
console.log(JSON.stringify(answer));
