/** What every benchmark prints beside its numbers: the machine, versions, and how busy it is. */
import { cpus, loadavg, totalmem } from 'node:os';
import mysql from 'mysql2/promise';

/** The machine and the versions of what runs on it. */
export async function printConditions(databaseUrl) {
  const [cpu] = cpus();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  console.log(
    `Machine: ${cpus().length} × ${cpu?.model ?? 'unknown'}, ${memory} GB, ${process.platform}; Node ${process.version}`,
  );
  const connection = await mysql.createConnection(databaseUrl);
  try {
    const [[row]] = await connection.query(
      `SELECT VERSION() AS version, @@innodb_buffer_pool_size DIV 1048576 AS pool,
              @@innodb_flush_log_at_trx_commit AS flush, @@sync_binlog AS sync, @@log_bin AS binlog`,
    );
    console.log(
      `Database: ${row.version}, innodb_buffer_pool_size=${row.pool}M innodb_flush_log_at_trx_commit=${row.flush} log_bin=${row.binlog} sync_binlog=${row.sync}`,
    );
  } finally {
    await connection.end();
  }
}

/** `load 1.2`: processes that wanted a core in the last minute. */
export function load() {
  return `load ${loadavg()[0].toFixed(1)}`;
}

/** The value below which a share of the numbers lies. */
export function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** Busy loops in threads of their own, to measure beside other work. Returns how to stop them. */
export async function burn(threads) {
  const { Worker } = await import('node:worker_threads');
  const workers = Array.from(
    { length: threads },
    () => new Worker('for (;;) Math.sqrt(Math.random());', { eval: true }),
  );
  return async () => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
}
