// What the API answers: one value for a good end, one exception for every refusal.

/** A status, a body for JSON (undefined: no body at all) and headers of its own. */
export const answer = (status, body, headers = {}) => ({ status, body, headers });

/** One thing that is wrong with what a client sent; `field` is empty where the body as a whole is meant. */
export const fault = (field, problem) => ({ field, problem });

/** The request ends here. `message` is for the client: it tells no secret and nothing of other clients. */
export class Refusal extends Error {
  constructor(status, message, { faults = [], headers = {}, cause } = {}) {
    super(message, { cause });
    Object.assign(this, { status, faults, headers });
  }

  /** The refusal as an answer: `{message, faults?, requestId}`. */
  answer(requestId) {
    const faults = this.faults.length ? { faults: this.faults } : {};
    return answer(this.status, { message: this.message, ...faults, requestId }, this.headers);
  }
}

/** 400, with every fault named. */
export const invalid = (faults) => new Refusal(400, 'The request is not valid.', { faults });

/** 404 for an account that is not there, or cannot be. */
export const noSuchAccount = () => new Refusal(404, 'There is no such account.');

/** 412: the client has seen another state of the account. */
export const changedSince = () => new Refusal(412, 'The account has been changed since.');

/** 503 with Retry-After: nothing is wrong with the request. */
export const tryLater = (message, seconds, cause) =>
  new Refusal(503, message, { headers: { 'Retry-After': String(seconds) }, cause });
