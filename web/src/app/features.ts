/**
 * What the API of this backend takes, beyond the plain requests of a first version. Each of these sends a header
 * or a method that the API's CORS answer must allow; switch one on when the deployed API does.
 */
export const FEATURES = {
  /** POST carries an `Idempotency-Key`, so that a repeated one makes no second account. */
  idempotencyKey: false,
  /** A change is a PATCH of the changed fields; without it, a PUT of the whole account. */
  patch: false,
};
