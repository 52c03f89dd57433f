/** A request that is not taken, and what it is answered with. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** Seconds after which the sender may come again; the header `retry-after`. */
  readonly retryAfter: number | undefined;

  constructor(
    status: number,
    body: Readonly<Record<string, unknown>>,
    cause?: unknown,
    retryAfter?: number,
  ) {
    super(`refused with ${status}`, cause === undefined ? undefined : { cause });
    this.name = 'Refusal';
    this.status = status;
    this.body = body;
    this.retryAfter = retryAfter;
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

/** The bearer token is no good (any more); `status` is a text, as the real service has it. */
export function invalidToken(reason: string, cause?: unknown): Refusal {
  return new Refusal(
    401,
    {
      title: 'Unauthorized',
      status: '401',
      error_code: '401013',
      message: `The token (header authorization) is invalid: ${reason}.`,
    },
    cause,
  );
}

export function missingToken(): Refusal {
  return new Refusal(403, {
    title: 'Forbidden',
    status: '403',
    error_code: '403010',
    message: 'The token (header authorization: Bearer …) is missing.',
  });
}

/** Above the rate; answered as text, as the real gateway does. */
export function tooManyRequests(retryAfter: number): Refusal {
  return new Refusal(
    429,
    { message: `Too many requests; come again in ${retryAfter} s.` },
    undefined,
    retryAfter,
  );
}

/** Too many requests are being handled. */
export function overloaded(): Refusal {
  return new Refusal(
    503,
    { error_code: '503000', message: 'The service is busy; send the items again.' },
    undefined,
    1,
  );
}

export function unavailable(cause: unknown): Refusal {
  return away('The service cannot store items at present; send them again.', cause);
}

export function unreadable(cause: unknown): Refusal {
  return away('The service cannot reach its items at present; ask again.', cause);
}

function away(message: string, cause: unknown): Refusal {
  return new Refusal(503, { error_code: '503000', message }, cause, 5);
}
