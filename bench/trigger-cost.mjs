/**
 * `npm run bench:triggers`: what change capture adds to the shop's own writes.
 *
 * 10,000 attribute values are changed in one statement, in single statements, and in transactions
 * of 100: without triggers, with ours, and with the reference exporter's, which write the entity id
 * into a table of each feed that subscribes to the values (one, two or three). Forms take turns in
 * each round; medians are compared, by the clock and, where the server runs on this machine, by the
 * processor time of its thread, on which other work on the machine has little effect.
 *
 * Options: --rounds n (default 5), --rows n (default 10000), --shape name (default all),
 * --database-url mysql://… (default: a private server with durable commits).
 */
import { readFileSync, readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import mysql from 'mysql2/promise';

import { setUp } from '../scripts/setup.mjs';
import { databaseServer } from './database-server.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    rows: { type: 'string', default: '10000' },
    shape: { type: 'string' },
    'database-url': { type: 'string' },
  },
});
const rounds = Number(options.rounds);
const rows = Number(options.rows);

await setUp(process.stderr);
const { readShopTables } = await import('../dist/commerce/capture/shop-tables.js');
const { planCapture, createTrigger } = await import('../dist/commerce/capture/triggers.js');
const { values } = await import('../dist/feeds/shared-watches.js');
const { createChangelog } = await import('../dist/commerce/capture/changelog-table.js');

const SCHEMA = 'capture_bench';
const TABLE = 'catalog_product_entity_decimal';
const CAPTURED = [values('product', 'decimal')];

const { url, stop } = await databaseServer(options['database-url']);
const connection = await mysql.createConnection({ uri: url });
try {
  await prepare();
  const processor = await threadClock();
  const forms = await triggerForms();
  await printSetting(processor !== undefined);
  for (const [shape, work] of Object.entries(shapes())) {
    if (options.shape !== undefined && options.shape !== shape) continue;
    print(shape, await measure(forms, work, processor));
  }
} finally {
  await connection.query(`DROP DATABASE IF EXISTS ${SCHEMA}`);
  await connection.end();
  await stop();
}

async function prepare() {
  const statements = [
    `DROP DATABASE IF EXISTS ${SCHEMA}`,
    `CREATE DATABASE ${SCHEMA} CHARACTER SET utf8mb4`,
    `USE ${SCHEMA}`,
    `SET sql_mode = ''`,
    `CREATE TABLE ${TABLE} (
       value_id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
       attribute_id SMALLINT UNSIGNED NOT NULL DEFAULT 0,
       store_id SMALLINT UNSIGNED NOT NULL DEFAULT 0,
       entity_id INT UNSIGNED NOT NULL DEFAULT 0,
       value DECIMAL(20,6) NULL,
       UNIQUE KEY (entity_id, attribute_id, store_id), KEY (store_id), KEY (attribute_id)
     ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3`,
  ];
  for (const statement of statements) await connection.query(statement);
  const values = Array.from({ length: rows }, (_, at) => [77, 0, at + 1, 1]);
  await connection.query(
    `INSERT INTO ${TABLE} (attribute_id, store_id, entity_id, value) VALUES ?`,
    [values],
  );
  for (const view of [1, 2, 3]) {
    await connection.query(
      `CREATE TABLE view_${view}_cl (version_id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
         entity_id INT UNSIGNED NOT NULL DEFAULT 0) ENGINE=InnoDB`,
    );
  }
}

/** Triggers on updates, as SQL. */
async function triggerForms() {
  const place = { schema: SCHEMA, tablePrefix: '' };
  const sql = { rows: async (text, values) => (await connection.query(text, values))[0] };
  const plan = planCapture(CAPTURED, await readShopTables(sql, place));
  await connection.query(createChangelog(place));
  const ours = plan.triggers.find(({ event }) => event === 'UPDATE');
  const columns = ['value_id', 'attribute_id', 'store_id', 'entity_id', 'value'];
  const differs = columns.map((name) => `NOT(NEW.\`${name}\` <=> OLD.\`${name}\`)`).join(' OR ');
  const reference = (views) => `CREATE TRIGGER trg_${TABLE}_after_update AFTER UPDATE ON ${TABLE}
    FOR EACH ROW BEGIN IF (${differs}) THEN ${Array.from(
      { length: views },
      (_, at) =>
        `INSERT IGNORE INTO \`view_${at + 1}_cl\` (\`entity_id\`) VALUES (NEW.\`entity_id\`);`,
    ).join(' ')} END IF; END`;
  return {
    none: undefined,
    ours: createTrigger(ours, TABLE, undefined),
    'reference, 1 view': reference(1),
    'reference, 2 views': reference(2),
    'reference, 3 views': reference(3),
  };
}

function shapes() {
  const single = (id, value) =>
    connection.query(`UPDATE ${TABLE} SET value = ${value} WHERE value_id = ${id}`);
  return {
    'one statement': (value) => connection.query(`UPDATE ${TABLE} SET value = ${value}`),
    'single statements': async (value) => {
      for (let id = 1; id <= rows; id++) await single(id, value);
    },
    'transactions of 100': async (value) => {
      for (let id = 1; id <= rows; id++) {
        if (id % 100 === 1) await connection.query('START TRANSACTION');
        await single(id, value);
        if (id % 100 === 0 || id === rows) await connection.query('COMMIT');
      }
    },
  };
}

async function measure(forms, work, processor) {
  const times = new Map(Object.keys(forms).map((name) => [name, { clock: [], processor: [] }]));
  let value = 1;
  for (let round = 0; round < rounds; round++) {
    for (const [name, trigger] of Object.entries(forms)) {
      await fresh(trigger);
      value += 1;
      const [clock, cpu] = [performance.now(), processor?.() ?? 0];
      await work(value);
      times.get(name).clock.push(performance.now() - clock);
      times.get(name).processor.push((processor?.() ?? 0) - cpu);
    }
  }
  return times;
}

async function fresh(trigger) {
  const [present] = await connection.query(
    'SELECT trigger_name AS name FROM information_schema.triggers WHERE trigger_schema = ?',
    [SCHEMA],
  );
  for (const { name } of present) await connection.query(`DROP TRIGGER ${name}`);
  for (const table of ['saas_export_changelog', 'view_1_cl', 'view_2_cl', 'view_3_cl']) {
    await connection.query(`TRUNCATE ${table}`);
  }
  if (trigger !== undefined) await connection.query(trigger);
}

function print(shape, times) {
  const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
  const of = (name, kind) => median(times.get(name)[kind]);
  const table = {};
  for (const name of times.keys()) {
    const row = {};
    for (const kind of ['clock', 'processor']) {
      if (of(name, kind) === 0) continue;
      row[`${kind} ms`] = Number(of(name, kind).toFixed(0));
      row[`${kind}, of 1 view`] = (of(name, kind) / of('reference, 1 view', kind)).toFixed(2);
      row[`${kind}, of 3 views`] = (of(name, kind) / of('reference, 3 views', kind)).toFixed(2);
    }
    table[name] = row;
  }
  console.log(`\n${shape}`);
  console.table(table);
}

/** Milliseconds of processor time of this connection's thread; undefined on another machine. */
async function threadClock() {
  try {
    const [[{ tid }]] = await connection.query(
      'SELECT tid FROM information_schema.processlist WHERE id = CONNECTION_ID()',
    );
    const owner = readdirSync('/proc').find((pid) => {
      try {
        return /^\d+$/.test(pid) && readdirSync(`/proc/${pid}/task`).includes(String(tid));
      } catch {
        return false;
      }
    });
    const file = `/proc/${owner}/task/${tid}/schedstat`;
    const read = () => Number(readFileSync(file, 'utf8').split(' ')[0]) / 1e6;
    read();
    return read;
  } catch {
    return undefined;
  }
}

async function printSetting(local) {
  const [[row]] = await connection.query(
    `SELECT VERSION() AS version, @@innodb_flush_log_at_trx_commit AS flushLog, @@sync_binlog AS syncBinlog,
       @@log_bin AS logBin, @@innodb_buffer_pool_size / 1048576 AS bufferPoolMb,
       @@innodb_autoinc_lock_mode AS autoincLockMode`,
  );
  const [cpu] = cpus();
  console.log(
    `Machine: ${cpus().length} × ${cpu?.model ?? 'unknown'}, ${process.platform}; Node ${process.version}`,
  );
  console.log(`Server: ${row.version}${local ? ' on this machine' : ''}`);
  console.log(
    `Settings: innodb_flush_log_at_trx_commit=${row.flushLog} sync_binlog=${row.syncBinlog} log_bin=${row.logBin} innodb_buffer_pool_size=${Number(row.bufferPoolMb)}M innodb_autoinc_lock_mode=${row.autoincLockMode}`,
  );
  console.log(`${rows.toLocaleString('en-US')} rows, median of ${rounds} rounds`);
}
