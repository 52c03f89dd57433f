import type { Configuration } from '../configuration/configuration.js';
import type { Feed } from '../feeds/feed.js';
import { ServiceReader, type ComparableService } from '../publishing/service-reader.js';

/** The reader of the configured service; undefined where none is configured. */
export function serviceReader({ service }: Configuration): ServiceReader | undefined {
  const { url, environmentId, apiKey } = service;
  if (url === undefined || environmentId === undefined) return undefined;
  return new ServiceReader({
    serviceUrl: url,
    environmentId,
    apiKey: apiKey?.reveal(),
  });
}

/** Whether what the service holds of a feed can be compared with what was sent, and if not, why. */
export async function comparableService(
  configuration: Configuration,
  feed: Feed,
  reader = serviceReader(configuration),
): Promise<ComparableService> {
  if (reader === undefined) return { readable: false, reason: 'no service is configured' };
  if (configuration.service.scopesForm === 'wire' && feed.toWire !== undefined) {
    return { readable: false, reason: 'its items have another form at the service' };
  }
  if (configuration.feeds.perFeed[feed.name].droppedFields.length > 0) {
    return { readable: false, reason: 'fields are taken off before sending' };
  }
  const readability = await reader.readability();
  return readability.readable ? { readable: true, reader } : readability;
}
