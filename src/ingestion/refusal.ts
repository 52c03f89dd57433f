/** A request that is not taken, and what it is answered with. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Readonly<Record<string, unknown>>, cause?: unknown) {
    super(`refused with ${status}`, cause === undefined ? undefined : { cause });
    this.name = 'Refusal';
    this.status = status;
    this.body = body;
  }
}

/** The API key is none of ours. */
export function unknownClient(): Refusal {
  return new Refusal(403, {
    error: {
      code: 'Forbidden',
      message: 'The API key (header x-api-key) is missing or unknown.',
      details: { error_code: '403000' },
    },
  });
}

export function missingSignature(): Refusal {
  return new Refusal(403, {
    error_code: '403010',
    message: 'The signature (header x-gw-signature) is missing.',
  });
}

/** @param reason in words that tell nothing of keys, e.g. `it has expired`. */
export function invalidSignature(reason: string, cause?: unknown): Refusal {
  return new Refusal(403, { error_code: '403053', message: `JWT is invalid: ${reason}.` }, cause);
}

export function notFound(message: string): Refusal {
  return new Refusal(404, { error_code: '404000', message });
}

/** The request itself is at fault, none of its items. */
export function malformed(code: string, message: string, cause?: unknown): Refusal {
  return new Refusal(400, { feedItemReceivedCount: 0, invalidFeedItems: [], code, message }, cause);
}

/** A parameter of a reading route is wrong. */
export function badParameter(message: string): Refusal {
  return new Refusal(400, { error_code: '400000', message });
}

export function conflict(message: string): Refusal {
  return new Refusal(409, { error_code: '409000', message });
}

/** What a cursor points at is there no more. */
export function gone(message: string): Refusal {
  return new Refusal(410, { error_code: '410000', message });
}

export function tooLarge(message: string): Refusal {
  return new Refusal(413, { error_code: '413000', message });
}

export function unsupported(message: string): Refusal {
  return new Refusal(415, { error_code: '415000', message });
}

export function unavailable(cause: unknown): Refusal {
  return new Refusal(
    503,
    {
      error_code: '503000',
      message: 'The service cannot store items at present; send them again.',
    },
    cause,
  );
}
