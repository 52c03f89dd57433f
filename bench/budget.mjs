/**
 * `npm run bench:budget`: how much of the request budget a full sync uses, by the service's clock.
 *
 * Two workers share a full sync of products. First with a budget of two requests a second: the share
 * of it that is used, and the most requests that the service sees in 950 ms and in ten seconds. Then
 * without a budget, where each answer takes two seconds: requests a second, against K/2 with K
 * requests in flight at most (SERVICE_REQUESTS_IN_FLIGHT).
 *
 * Options: --products n (default 1500), --seconds n (each part is measured for so long, default 30).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { load, printConditions } from './conditions.mjs';
import { startSystem } from './system.mjs';

const { values: options } = parseArgs({
  options: {
    products: { type: 'string', default: '1500' },
    seconds: { type: 'string', default: '30' },
  },
});
const seconds = Number(options.seconds);
const SLOW_MILLISECONDS = 2_000;
const IN_FLIGHT = 4;
const BUDGET = 2;

const system = await startSystem({ products: Number(options.products) });
try {
  await printConditions(system.settings.COMMERCE_DATABASE_URL);
  console.log(`${options.products} products in 4 store views, batches of 50; two workers`);
  await budget();
  await slowService();
} finally {
  await system.stop();
}

async function budget() {
  const times = await measure('budget', 0, { SERVICE_REQUESTS_PER_SECOND: String(BUDGET) });
  const used = (times.length - 1) / ((times.at(-1) - times[0]) / 1000) / BUDGET;
  console.log(
    `${BUDGET} requests a second: ${percent(used)} of the budget used by ${times.length} requests; ` +
      `most within 950 ms: ${mostWithin(times, 950)}; ` +
      `most within 10 s: ${percent(mostWithin(times, 10_000) / (10 * BUDGET))} of the budget; ${load()}`,
  );
  if (used < 0.98 || mostWithin(times, 950) > BUDGET) process.exitCode = 1;
  if (mostWithin(times, 10_000) > 10 * BUDGET) process.exitCode = 1;
}

async function slowService() {
  const goal = IN_FLIGHT / (SLOW_MILLISECONDS / 1000);
  const times = await measure('slow', SLOW_MILLISECONDS, {
    SERVICE_REQUESTS_PER_SECOND: '0',
    SERVICE_REQUESTS_IN_FLIGHT: String(IN_FLIGHT),
  });
  // Requests leave together where answers come together, so a window of fixed length would be off
  // by as many as there are in flight: what is counted is from the first such group to the last.
  const elapsed = (times.at(-1) - times[IN_FLIGHT - 1]) / 1000;
  const rate = (times.length - IN_FLIGHT) / elapsed;
  console.log(
    `answers after ${SLOW_MILLISECONDS / 1000} s, ${IN_FLIGHT} requests in flight: ` +
      `${rate.toFixed(2)} requests a second, ${percent(rate / goal)} of ${goal}; ${load()}`,
  );
  if (rate < 0.95 * goal) process.exitCode = 1;
}

/** When requests of a full sync by two workers arrived, in milliseconds. */
async function measure(taskQueue, answerDelay, settings) {
  const workers = await Promise.all(
    [1, 2].map(() =>
      system.startWorker(taskQueue, { ...settings, FEED_PRODUCTS_BATCH_SIZE: '50' }),
    ),
  );
  system.proxy.answerDelay = answerDelay;
  system.proxy.requests.length = 0;
  const threadCount = answerDelay > 0 ? 1 : 2;
  const run = await system.start(
    'fullSync',
    { feeds: ['products'], force: true, threadCount },
    taskQueue,
  );
  const ended = run.result().then(
    () => true,
    () => true,
  );
  await Promise.race([ended, sleep(1000 * (seconds + 3))]);
  const times = system.proxy.requests.map(({ arrivedAt }) => arrivedAt);
  await run.terminate('measured').catch(() => undefined);
  const child = system.client.workflow.getHandle('sync/products');
  await child.terminate('measured').catch(() => undefined);
  await Promise.all(workers.map((worker) => worker.stop()));
  // The first requests, until the service has shown how slow it is.
  const from = (times[0] ?? 0) + 2 * answerDelay;
  return times.filter((at) => at >= from && at < from + seconds * 1000);
}

function mostWithin(times, milliseconds) {
  return Math.max(
    ...times.map((from) => times.filter((at) => at >= from && at < from + milliseconds).length),
  );
}

function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}
