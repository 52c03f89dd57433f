import { notFound } from './refusal.js';

export interface EnvironmentParameters {
  readonly environment: string;
}

const NAME = /^[\w.-]{1,64}$/;

/**
 * @param environments the data spaces there are; undefined: every name is one.
 * @throws Refusal 404 for any other.
 */
export function requireEnvironment(
  { environment }: EnvironmentParameters,
  environments: readonly string[] | undefined,
): void {
  if (!NAME.test(environment) || environments?.includes(environment) === false) {
    throw notFound('There is no such data space.');
  }
}
