/** What the person who meets an error has to do with it. */
export interface ErrorEntry {
  /** The situation in one sentence, without the particulars of one case. */
  readonly summary: string;
  /** What to do about it. */
  readonly cure: string;
  /** `usage`: wrong call or configuration, nothing was touched (exit code 2). `failure`: exit code 1. */
  readonly kind: 'usage' | 'failure';
}

/**
 * Every code that reaches people. `CDE…` codes are those of the reference exporter, where the
 * situation is the same; `SDE…` codes are ours: 10 configuration and use, 20 connections,
 * 30 state, 40 workflows, 50 sandbox, 60 ingestion, 70 publishing.
 */
export const ERROR_CODES = {
  'CDE01-05': {
    summary: 'The collector failed with an entity; the others of its page were collected.',
    cure: 'Read the cause; the entity is collected again when it changes, and by the next full sync.',
    kind: 'failure',
  },
  'CDE01-07': {
    summary: 'An item has no source id, so no state can be kept for it.',
    cure: 'Find the row that the identity names and repair it in Commerce.',
    kind: 'failure',
  },
  'CDE01-15': {
    summary: 'A UUID of an order or a part of one belongs to something else already.',
    cure: 'Compare data_exporter_uuid in Commerce with order_uuid in the exporter’s database.',
    kind: 'failure',
  },
  'CDE01-16': {
    summary: 'A field of an item’s identity is empty.',
    cure: 'Repair the row in Commerce; the item is sent once it has an identity.',
    kind: 'failure',
  },
  'CDE01-18': {
    summary:
      'The time zone of a website does not exist, so its rule prices are those of the UTC date.',
    cure: 'Correct general/locale/timezone of the website in Commerce.',
    kind: 'failure',
  },
  'CDE01-21': {
    summary: 'The URL path of a category could not be resolved.',
    cure: 'Give the category and its ancestors a URL key in Commerce.',
    kind: 'failure',
  },
  'CDE01-22': {
    summary: 'The path of a product’s category could not be resolved.',
    cure: 'Give the category and its ancestors a URL key in Commerce.',
    kind: 'failure',
  },
  'CDE01-23': {
    summary: 'An entity could not be turned into feed items.',
    cure: 'Read the error, correct the entity in Commerce; it is sent when its content changes.',
    kind: 'failure',
  },
  'CDE01-24': {
    summary: 'Several permission rules of a category are for the same website and customer group.',
    cure: 'Delete all but one of them in Commerce; the one with the highest id counts.',
    kind: 'failure',
  },
  'CDE01-25': {
    summary: 'A base URL holds a placeholder that only a web request resolves.',
    cure: 'Set web/unsecure/base_url (and base_link_url, base_media_url) to whole URLs in Commerce, in COMMERCE_CONFIG_FILE or by CONFIG__… variables.',
    kind: 'failure',
  },
  'CDE02-01': {
    summary: 'A request could not be made: keys, signature or settings are wrong.',
    cure: 'Check SERVICE_API_KEY and SERVICE_PRIVATE_KEY, then run `saas-export doctor`.',
    kind: 'failure',
  },
  'CDE02-03': {
    summary: 'The body of a failed answer could not be read.',
    cure: 'Ask the operator of the service, naming the request id.',
    kind: 'failure',
  },
  'CDE02-07': {
    summary: 'The service asked to slow down (429).',
    cure: 'Nothing: the items are sent again. Lower SERVICE_REQUESTS_PER_SECOND if it lasts.',
    kind: 'failure',
  },
  'CDE02-08': {
    summary: 'The service failed (5xx).',
    cure: 'Nothing: the items are sent again.',
    kind: 'failure',
  },
  'CDE02-09': {
    summary: 'The service refused items as invalid (400).',
    cure: 'Correct the items in Commerce; they are sent when their content changes.',
    kind: 'failure',
  },
  'CDE02-10': {
    summary: 'The service refused the request (4xx).',
    cure: 'Check credentials, SERVICE_ENVIRONMENT_ID and SERVICE_ROUTES.',
    kind: 'failure',
  },
  'CDE02-11': {
    summary: 'The service could not be reached.',
    cure: 'Check SERVICE_URL and the network; the items are sent again.',
    kind: 'failure',
  },
  'CDE03-09': {
    summary: 'The feed cannot be asked for by these ids.',
    cure: 'Use one of the id types the message lists.',
    kind: 'usage',
  },
  'CDE03-10': {
    summary: 'None of the ids was found.',
    cure: 'Check the ids and --id-type.',
    kind: 'failure',
  },
  'SDE10-01': {
    summary: 'The configuration is not valid.',
    cure: 'Correct the variables that the message lists; `saas-export config show` prints all.',
    kind: 'usage',
  },
  'SDE10-02': {
    summary: 'There is no feed of that name.',
    cure: 'Use one of the names that `saas-export feeds` prints.',
    kind: 'usage',
  },
  'SDE10-03': {
    summary: 'The command was called with arguments that do not fit.',
    cure: 'See `saas-export <command> --help`.',
    kind: 'usage',
  },
  'SDE10-04': {
    summary: 'A configuration file could not be read.',
    cure: 'Check the path and the syntax of the file.',
    kind: 'usage',
  },
  'SDE20-01': {
    summary: 'The Commerce database cannot be reached.',
    cure: 'Check COMMERCE_DATABASE_URL (mysql://user:password@host:3306/database).',
    kind: 'usage',
  },
  'SDE20-02': {
    summary: 'The database is not a Commerce database: tables are missing.',
    cure: 'Check the database name, COMMERCE_TABLE_PREFIX, and that the account may read the tables.',
    kind: 'usage',
  },
  'SDE20-03': {
    summary: 'The exporter’s own database cannot be reached.',
    cure: 'Check EXPORT_DATABASE_URL and the rights of its user.',
    kind: 'usage',
  },
  'SDE20-04': {
    summary: 'The Temporal server cannot be reached.',
    cure: 'Check TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE, or start one with `npm start`.',
    kind: 'usage',
  },
  'SDE20-05': {
    summary: 'A port is in use.',
    cure: 'Stop the other program, or choose another port.',
    kind: 'usage',
  },
  'SDE20-06': {
    summary: 'The account may not set up change capture in the shop’s database.',
    cure: 'Grant the rights of docs/capture.md, or have an administrator run `saas-export install --print`.',
    kind: 'failure',
  },
  'SDE20-07': {
    summary: 'The shop was busy with a table all the time, so its triggers could not be changed.',
    cure: 'Run `saas-export install` again at a quieter time; it goes on where it stopped.',
    kind: 'failure',
  },
  'SDE20-08': {
    summary: 'The Commerce database holds no state of Adobe’s module.',
    cure: 'Check COMMERCE_DATABASE_URL and COMMERCE_TABLE_PREFIX; the module’s tables are cde_…_feed and the like.',
    kind: 'failure',
  },
  'SDE20-09': {
    summary: 'The shop’s database lacks a table that is read.',
    cure: 'Check that the database is whole and of a supported version of Commerce; `bin/magento setup:upgrade` makes missing tables.',
    kind: 'usage',
  },
  'SDE20-10': {
    summary: 'The account may not read a table of the shop’s database.',
    cure: 'Grant it SELECT on all of the shop’s database, see docs/capture.md.',
    kind: 'usage',
  },
  'SDE30-01': {
    summary: 'The exporter’s tables are missing or older than this program.',
    cure: 'Run `saas-export install`.',
    kind: 'usage',
  },
  'SDE30-02': {
    summary: 'The stored state belongs to another data space or another service.',
    cure: 'If the move is meant, run `saas-export resync --all --cleanup-feed`.',
    kind: 'failure',
  },
  'SDE30-03': {
    summary: 'Another run has taken over the feed.',
    cure: 'Nothing: the newer run goes on from the stored cursor.',
    kind: 'failure',
  },
  'SDE40-01': {
    summary: 'The input of a workflow is not valid.',
    cure: 'Start it again with the input the message describes.',
    kind: 'usage',
  },
  'SDE40-02': {
    summary: 'The feed is not available in this shop.',
    cure: 'Nothing, where the edition of Commerce lacks it or its module is off on purpose. Else check INVENTORY and COMMERCE_CONFIG_PHP.',
    kind: 'failure',
  },
  'SDE40-03': {
    summary: 'A run failed.',
    cure: 'Read the cause, and `saas-export history`.',
    kind: 'failure',
  },
  'SDE40-04': {
    summary: 'Another operation works on the feed.',
    cure: 'Wait for it, or cancel it under the workflow ID that the message names.',
    kind: 'failure',
  },
  'SDE40-10': {
    summary: 'The Temporal namespace lacks search attributes that runs set.',
    cure: 'Have an operator of the server register them, see docs/temporal-ui.md.',
    kind: 'usage',
  },
  'SDE40-11': {
    summary: 'A search attribute of the Temporal namespace has another type than runs set.',
    cure: 'Remove or rename that search attribute, or use another namespace: types cannot be changed.',
    kind: 'usage',
  },
  'SDE40-12': {
    summary: 'The schedule is not on the Temporal server.',
    cure: 'Run `saas-export schedules apply`.',
    kind: 'failure',
  },
  'SDE40-13': {
    summary: 'There is no such run in the audit.',
    cure: 'Use a run number or a workflow ID that `saas-export history` prints.',
    kind: 'failure',
  },
  'SDE50-01': {
    summary: 'No Temporal server could be found or built.',
    cure: 'Install the Temporal CLI, or set TEMPORAL_ADDRESS.',
    kind: 'usage',
  },
  'SDE50-02': {
    summary: 'No MariaDB or MySQL server was found.',
    cure: 'Install mariadb-server (Debian: apt-get install mariadb-server).',
    kind: 'usage',
  },
  'SDE50-03': {
    summary: 'A server of the sandbox did not start.',
    cure: 'Read the log file that the message names.',
    kind: 'failure',
  },
  'SDE50-04': {
    summary: 'A dump could not be loaded.',
    cure: 'Check the file; it must be a MariaDB or MySQL dump, plain or gzipped.',
    kind: 'usage',
  },
  'SDE60-01': {
    summary: 'The ingestion service’s database cannot be reached.',
    cure: 'Check INGESTION_DATABASE_URL.',
    kind: 'usage',
  },
  'SDE60-02': {
    summary: 'The ingestion service has a fault plan in production.',
    cure: 'Remove INGESTION_FAULTS_FILE; for a rehearsal, set NODE_ENV to something else than production.',
    kind: 'usage',
  },
  'SDE70-01': {
    summary: 'The token service gave no token.',
    cure: 'Check SERVICE_IMS_CLIENT_ID, SERVICE_IMS_CLIENT_SECRET and SERVICE_IMS_SCOPES.',
    kind: 'failure',
  },
  'SDE70-02': {
    summary: 'There is no such item in quarantine.',
    cure: 'Use feed and feed id as `saas-export quarantine list` prints them.',
    kind: 'failure',
  },
  'SDE70-03': {
    summary: 'No deletions of the feed are held.',
    cure: 'See `saas-export deletions list`.',
    kind: 'failure',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;
