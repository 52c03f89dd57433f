import type { Answer } from './answer.js';

/** Authenticates requests. */
export interface Credentials {
  /**
   * The headers of a request that leaves now.
   *
   * @throws ExportError SDE70-01 when the token service refuses to give a token.
   */
  headers(): Promise<Readonly<Record<string, string>>>;
  /** Looks at an answer, for what it says about the clocks. */
  observe(answer: Answer): void;
  /** Makes the next headers anew after a refusal; false when they would be the same. */
  renew(answer: Answer): Promise<boolean>;
  /** Makes the next headers anew before a request that finds out whether they are still refused. */
  freshen(): Promise<void>;
}
