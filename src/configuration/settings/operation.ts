import { setting } from '../setting.js';
import { boolean, choice, integer, text } from '../types.js';

export const workerSettings = {
  WORKER_CONCURRENCY: setting({
    group: 'Worker',
    type: integer(1, 200),
    description:
      'Activities that a worker runs at the same time. Most of them listen for changes, one for each feed.',
    example: '20',
    default: 40,
  }),
  WORKER_SHUTDOWN_GRACE_SECONDS: setting({
    group: 'Worker',
    type: integer(0, 3600),
    description:
      'How long a worker that is stopped lets its activities come to the end of a page. Keep the process manager’s own patience above it.',
    example: '60',
    default: 30,
  }),
  APPLY_SCHEDULES: setting({
    group: 'Worker',
    type: boolean,
    description:
      'A worker that starts makes the schedules on the Temporal server as declared, as `saas-export schedules apply` does. Pauses stay.',
    example: '1',
    default: false,
  }),
};

const group = 'Logs and metrics';

export const logSettings = {
  LOG_LEVEL: setting({
    group,
    type: choice('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
    description: 'The least important records that are written.',
    example: 'debug',
    default: 'info',
  }),
  LOG_FORMAT: setting({
    group,
    type: choice('json', 'pretty'),
    description: 'One JSON object a line, or text for people.',
    example: 'pretty',
    defaultFrom: ({ terminal }) => (terminal ? 'pretty' : 'json'),
    defaultText: '`json`; `pretty` on a terminal',
  }),
  EXPORTER_EXTENDED_LOG: setting({
    group,
    type: boolean,
    description:
      'Every payload is logged; on errors also the request’s headers, key and signature masked.',
    example: '1',
    default: false,
  }),
  EXPORTER_LOG_PROGRESS_INTERVAL: setting({
    group,
    type: integer(0, 86_400),
    description: 'Seconds between progress records.',
    example: '10',
    defaultText: 'by the length of the run: 30, 60, 120 or 600',
  }),
  EXPORTER_PROFILER: setting({
    group,
    type: boolean,
    description:
      'A record for each step of a page, and within collecting for each kind of query and for making items: entities, seconds, peak memory.',
    example: '1',
    default: false,
  }),
  PERSIST_EXPORTED_FEED: setting({
    group,
    type: boolean,
    description:
      'Whole items are kept in the feed tables of immediate feeds too, from when they are next sent (`resync --force`): `resync --no-reindex` sends them again without collecting, and `explain` compares all their fields.',
    example: '1',
    default: false,
  }),
  METRICS_PORT: setting({
    group,
    type: integer(0, 65_535),
    description: 'Port of the Prometheus metrics; 0 = off. Each process needs its own.',
    example: '9464',
    default: 0,
  }),
  METRICS_HOST: setting({
    group,
    type: text({ label: 'host name or address', pattern: /^[^\s/]+$/ }),
    description: 'Address of the metrics.',
    example: '0.0.0.0',
    default: '127.0.0.1',
  }),
};
