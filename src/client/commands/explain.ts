import { feedNamed } from '../../feeds/registry.js';
import { storedOrderUuids } from '../../store/order-uuids.js';
import { serviceReader } from '../../worker/service-reader.js';
import { withDatabases } from '../databases.js';
import { print, type ConnectionFlags, type JsonFlag } from '../edge.js';
import { EXIT } from '../errors.js';
import { explain } from '../explain/explain.js';
import { explanationText } from '../explain/explanation-text.js';

export interface ExplainFlags extends ConnectionFlags, JsonFlag {
  readonly idType?: string;
}

/** Prints where an item stands, and why it is or is not in the service. */
export async function explainItem(feed: string, id: string, flags: ExplainFlags): Promise<void> {
  const wanted = feedNamed(feed);
  const explanation = await withDatabases(flags, ({ configuration, store, inShop }) =>
    inShop((shop, read) =>
      explain(shop, read, {
        feed: wanted,
        name: id,
        idType: flags.idType,
        store,
        context: {
          clock: () => configuration.now ?? new Date(),
          settings: configuration.feeds.settings,
          orderUuids: storedOrderUuids(store),
        },
        service: serviceReader(configuration),
        wireForms: configuration.service.scopesForm === 'wire' && wanted.toWire !== undefined,
        droppedFields: configuration.feeds.perFeed[wanted.name].droppedFields,
      }),
    ),
  );
  print(flags.json, explanation, () => explanationText(explanation));
  if (explanation.entities.length === 0) process.exitCode = EXIT.failed;
}
