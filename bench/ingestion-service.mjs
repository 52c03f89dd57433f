/** The service under load, forked by bench/ingestion.mjs. */
import { pino } from 'pino';
import { startIngestion } from '../dist/ingestion/start.js';

const { url } = await startIngestion({
  databaseUrl: process.env.DATABASE_URL,
  port: 0,
  apiKeys: ['bench'],
  clock: () => new Date(),
  logger: pino({ level: 'warn' }),
});
process.send({ url });
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send({
    rssMb: Math.round(process.memoryUsage.rss() / 1024 / 1024),
    cpuSeconds: (user + system) / 1e6,
  });
});
