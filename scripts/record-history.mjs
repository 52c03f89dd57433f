/**
 * Records the history of a workflow that has ended, for test/histories/:
 *   node scripts/record-history.mjs <workflow ID> test/histories/<name>.json
 * The server is the one that TEMPORAL_ADDRESS names. Record from the code that is deployed.
 */
import { writeFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

const [workflowId, file] = process.argv.slice(2);
if (workflowId === undefined || file === undefined) {
  console.error('usage: node scripts/record-history.mjs <workflow ID> <file>');
  process.exit(2);
}
const connection = await Connection.connect({ address: process.env.TEMPORAL_ADDRESS });
const client = new Client({ connection, namespace: process.env.TEMPORAL_NAMESPACE ?? 'default' });
const history = await client.workflow.getHandle(workflowId).fetchHistory();
writeFileSync(file, `${JSON.stringify(JSON.parse(historyToJSON(history)), null, 1)}\n`);
console.log(`${history.events.length} events`);
await connection.close();
