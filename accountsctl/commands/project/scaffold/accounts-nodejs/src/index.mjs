// The accounts API: one Lambda function behind API Gateway's REST proxy integration.
//
//   index       Lambda's entry point, and the SDK, which Lambda's runtime carries: there is nothing to install
//   respond     the wall around everything, the settings, the log line
//   routes      which request means what; events, what stands in a request
//   listing     the query of GET /accounts, and the link to the next page
//   validation  what a client sent, checked; tags, the entity tags among it; json, how it is read
//   accounts    the statements
//   database    the RDS Data API
//   answers     answers and refusals; cors, their headers

import { ExecuteStatementCommand, RDSDataClient } from '@aws-sdk/client-rds-data';

import { respond } from './respond.mjs';

/** One client for each sandbox. It never retries by itself: see `database`. */
const client = new RDSDataClient({
  region: process.env.REGION,
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 3000, requestTimeout: 20_000, throwOnRequestTimeout: true },
});

/** Send one statement. A turn of the event loop first: it drops connections that were closed while Lambda slept. */
const execute = async (request) => {
  await new Promise(setImmediate);
  return client.send(new ExecuteStatementCommand(request));
};

/** Lambda's entry point. */
export const handler = (event, context) => respond(event, context, process.env, execute);
