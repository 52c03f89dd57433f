import { describe, expect, test } from 'vitest';

import { ExportError } from '../errors/export-error.js';
import { createLogger, type LoggerOptions } from './logger.js';
import { temporalLogger } from './temporal-logger.js';

const clock = () => new Date('2026-11-21T22:38:25.668Z');

function collect(options: LoggerOptions = {}) {
  const lines: string[] = [];
  const logger = createLogger({
    clock,
    destination: { write: (line) => void lines.push(line) },
    ...options,
  });
  const records = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { logger, lines, records };
}

test('a record is one line of JSON with its text as status', () => {
  const { logger, lines, records } = collect();
  logger.info({ feed: 'products' }, 'Complete');
  expect(lines[0]).toMatch(/^\{.*\}\n$/);
  expect(records()[0]).toMatchObject({
    level: 'info',
    time: '2026-11-21T22:38:25.668Z',
    pid: process.pid,
    feed: 'products',
    status: 'Complete',
  });
});

test('records below the level are not written', () => {
  const { logger, lines } = collect({ level: 'warn' });
  logger.info('Complete');
  expect(lines).toEqual([]);
});

test('a status code does not collide with the text', () => {
  const { logger, records } = collect();
  logger.info({ status: 429 }, 'slowed down');
  expect(records()[0]).toMatchObject({ statusCode: 429, status: 'slowed down' });
});

test('an error is written with its code, cure, causes and stack', () => {
  const { logger, records } = collect();
  const cause = new Error('connect ECONNREFUSED');
  logger.error(new ExportError('SDE20-01', { cause }));
  expect(records()[0]).toMatchObject({
    status: 'The Commerce database cannot be reached.',
    err: {
      code: 'SDE20-01',
      message: 'The Commerce database cannot be reached.: connect ECONNREFUSED',
      stack: expect.stringContaining('caused by: Error: connect ECONNREFUSED') as string,
    },
  });
});

describe('secrets', () => {
  test.each([
    'authorization',
    'x-api-key',
    'magento-api-key',
    'x-gw-signature',
    'password',
    'token',
    'privateKey',
    'SERVICE_PRIVATE_KEY',
    'apiKey',
    'set-cookie',
  ])('of the key %s are masked at any depth', (key) => {
    const { logger, lines, records } = collect();
    logger.info({ request: { headers: [{ [key]: 'hush' }] }, [key]: ['hush'] }, 'sent');
    expect(lines.join('')).not.toContain('hush');
    expect(records()[0]).toMatchObject({ request: { headers: [{ [key]: '***' }] }, [key]: '***' });
  });

  test('in bindings of child loggers are masked', () => {
    const { logger, lines } = collect();
    logger.child({ credentials: { token: 'hush' } }).info('sent');
    expect(lines.join('')).not.toContain('hush');
  });

  test('in URLs are masked, in texts and in errors', () => {
    const { logger, lines } = collect();
    logger.info({ url: 'mysql://root:hush@localhost/shop' }, 'mysql://root:hush@localhost');
    logger.error(new Error('cannot connect to mysql://root:hu@sh@localhost/shop'));
    expect(lines.join('')).not.toMatch(/hush|hu@sh/);
    expect(lines[0]).toContain('mysql://root:***@localhost/shop');
  });

  test('are masked in the pretty form too', () => {
    const { logger, lines } = collect({ format: 'pretty' });
    logger.info({ apiKey: 'hush' }, 'sent');
    expect(lines.join('')).toContain('***');
    expect(lines.join('')).not.toContain('hush');
  });

  test('are not suspected where there are none', () => {
    const { logger, records } = collect();
    logger.info({ url: 'http://localhost:8080/a@b', tokens: 3, hasPassword: false }, 'ready');
    expect(records()[0]).toMatchObject({
      url: 'http://localhost:8080/a@b',
      tokens: 3,
      hasPassword: false,
    });
  });
});

test('the pretty form reads as a sentence', () => {
  const { logger, lines } = collect({ format: 'pretty' });
  logger.info(
    { feed: 'products', operation: 'full sync', elapsed: '383 ms', items: 5 },
    'Complete',
  );
  expect(lines[0]).toMatch(
    /^\[\d\d:\d\d:\d\d\] INFO: products full sync: Complete \(383 ms\) \{"items":5\}\n$/,
  );
});

describe('Temporal’s logger', () => {
  const timestamp = Symbol.for('log_timestamp');

  test('writes its levels and metadata into ours, without the time in nanoseconds', () => {
    const { logger, records } = collect({ level: 'trace' });
    const temporal = temporalLogger(logger);
    temporal.log('WARN', 'slow', { workflowId: 'sync/products', [timestamp]: 1n });
    temporal.trace('a');
    temporal.debug('b');
    temporal.info('c');
    temporal.warn('d');
    temporal.error('e', { error: new Error('broken') });
    expect(records().map(({ level, status }) => [level, status])).toEqual([
      ['warn', 'slow'],
      ['trace', 'a'],
      ['debug', 'b'],
      ['info', 'c'],
      ['warn', 'd'],
      ['error', 'e'],
    ]);
    expect(records()[0]).toMatchObject({ workflowId: 'sync/products' });
    expect(records()[5]).toMatchObject({ error: { message: 'broken' } });
  });
});
