/**
 * Does in the Temporal UI what docs/temporal-ui.md tells people to do, in a browser, and takes a
 * picture of each step:
 *   node scripts/temporal-ui.mjs <address of the Temporal UI> [--out DIR] [--steps a,b]
 * Against a sandbox with enough to do: `npm start -- --products 2000`. TEMPORAL_NAMESPACE and
 * TEMPORAL_TASK_QUEUE say where; CHROMIUM is the browser, `/usr/bin/chromium` by default
 * (Debian: apt-get install chromium).
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: '.cache/temporal-ui' },
    steps: { type: 'string' },
  },
});
const [ui] = positionals;
if (ui === undefined) {
  console.error(
    'usage: node scripts/temporal-ui.mjs <address of the Temporal UI> [--out DIR] [--steps a,b]',
  );
  process.exit(2);
}
const namespace = process.env.TEMPORAL_NAMESPACE ?? 'default';
const taskQueue = process.env.TEMPORAL_TASK_QUEUE ?? 'saas-export';
const instance = process.env.EXPORT_INSTANCE ?? '';
const feedSync = `${instance === '' ? '' : `${instance}/`}sync/products`;
/** Thousands of requests, so that there is time to press buttons. */
const LONG = { feeds: ['products'], force: true, batchSize: 1 };
const PATIENCE = 30_000;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  // Chromium's sandbox does not work as root; the page is our own server's.
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const page = await browser.newPage({ viewport: { width: 1400, height: 1100 } });
page.setDefaultTimeout(15_000);
mkdirSync(values.out, { recursive: true });
let pictures = 0;

/** Every step by name; later ones go on where earlier ones ended. */
const steps = {
  async 'start with {}'() {
    const id = await start('fullSync', '{}');
    await open(id);
    await status('Completed');
    await seen('"outcome": "completed"');
    await picture('full-sync');
  },

  async 'refuse a wrong feed'() {
    const id = await start('fullSync', JSON.stringify({ feeds: ['produkte'] }));
    await open(id);
    await status('Failed');
    await seen('There is no feed “produkte”. Feeds: productAttributes');
    await picture('wrong-feed');
  },

  async watch() {
    await start('fullSync', JSON.stringify(LONG));
    await open(feedSync);
    await status('Running');
    await picture('running');
    await details(/products.*\d+ %/s);
    await picture('details');
  },

  async pause() {
    await signal('pause', { reason: 'stock-taking', by: 'browser' });
    await details(/paused.*stock-taking/is);
    await picture('paused');
  },

  async resume() {
    await signal('resume');
    await details(/^(?!.*paused).*\d+ %/is);
    await picture('resumed');
  },

  async cleanupFeed() {
    await signal('cleanupFeed');
    await open(feedSync);
    await seen('cleanupFeed');
    await status('Running');
    await picture('cleanup-feed');
  },

  async cancel() {
    await open(feedSync);
    await status('Running');
    await page.locator('a[href*="/workflows/browser-"]').first().click();
    await page.getByRole('heading', { name: 'browser-' }).waitFor();
    await status('Running');
    await press('cancel');
    await status('Canceled');
    await picture('cancelled');
    await open(feedSync);
    await status('Canceled');
    await picture('cancelled-feed');
  },

  async 'find by search attribute'() {
    const query = `SaasExportFeed = 'products' AND SaasExportOutcome = 'cancelled'`;
    await page.goto(`${base()}/workflows?query=${encodeURIComponent(query)}`);
    await page.getByRole('link', { name: feedSync }).first().waitFor();
    await picture('query');
  },

  async 'the documented queries'() {
    for (const [view, query] of documentedQueries()) {
      await page.goto(`${base()}/workflows?query=${encodeURIComponent(query)}`);
      await page.getByRole('button', { name: 'Start Workflow' }).first().waitFor();
      await page.waitForTimeout(1500);
      if (
        await page
          .getByText(/invalid query|error/i)
          .filter({ visible: true })
          .count()
      ) {
        throw new Error(`“${view}”: the UI shows an error`);
      }
      await picture(`query-${view.toLowerCase().replaceAll(/\W+/g, '-')}`);
    }
  },

  async schedules() {
    await page.goto(`${base()}/schedules`);
    await seen('saas-export-partial-sync');
    await picture('schedules');
  },
};

const chosen = values.steps === undefined ? Object.keys(steps) : values.steps.split(',');
let failed = 0;
for (const name of chosen) {
  try {
    if (!Object.hasOwn(steps, name)) throw new Error(`steps: ${Object.keys(steps).join(', ')}`);
    await steps[name]();
    console.log(`✓ ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`✗ ${name}: ${error.message.split('\n')[0]}`);
    await picture(`failed-${name.replaceAll(/\W+/g, '-')}`);
  }
}
await browser.close();
console.log(`${chosen.length - failed} of ${chosen.length} steps, pictures in ${values.out}`);
process.exitCode = failed === 0 ? 0 : 1;

/** Name and query of each view that the page recommends. */
function documentedQueries() {
  const page = readFileSync(new URL('../docs/temporal-ui.md', import.meta.url), 'utf8');
  const section = page.split('\n## Queries worth saving\n')[1].split('\n## ')[0];
  return [...section.matchAll(/^\| ([^|]+?) +\| `([^`]+)` +\|$/gm)].map(([, ...cells]) => cells);
}

function base() {
  return `${ui.replace(/\/$/, '')}/namespaces/${namespace}`;
}

/** Starts a workflow with the form; returns its ID. */
async function start(type, input) {
  const id = `browser-${Date.now()}`;
  await page.goto(`${base()}/workflows/start-workflow`);
  await page.getByLabel('Workflow ID').fill(id);
  await page.getByLabel('Task Queue').fill(taskQueue);
  await page.getByLabel('Workflow Type').fill(type);
  await write(input);
  await page.getByTestId('start-workflow-button').click();
  await page.getByText('successfully').or(page.getByText(id)).first().waitFor();
  return id;
}

/** Writes JSON into the editor of a page or a dialog. */
async function write(json, within = page) {
  await within.getByRole('textbox').filter({ visible: true }).last().click();
  // Pasted at once: typed letter by letter, the editor would close each bracket itself.
  await page.keyboard.insertText(json);
  // Leaving the editor formats its text and moves the button.
  await within.getByText('Encoding', { exact: true }).filter({ visible: true }).last().click();
  await page.waitForTimeout(300);
}

/** Opens the newest run of a workflow. */
async function open(id) {
  await page.goto(`${base()}/workflows/${encodeURIComponent(id)}`);
  await page.getByRole('heading', { name: id }).waitFor();
}

/** Waits until the workflow has one of these statuses. */
async function status(...words) {
  await page
    .getByText(new RegExp(`^\\s*(${words.join('|')})\\s*$`))
    .filter({ visible: true })
    .first()
    .waitFor({ timeout: PATIENCE });
}

async function seen(text) {
  await page.getByText(text).filter({ visible: true }).first().waitFor();
}

/** Waits until the current details of the workflow read so; they are under “User Metadata”. */
async function details(pattern) {
  const end = Date.now() + PATIENCE;
  let text = '';
  while (Date.now() < end) {
    await open(feedSync);
    await page.getByTestId('user-metadata-tab').click();
    await page.waitForTimeout(1500);
    // The UI shows Markdown in frames of its own.
    const frames = page.frames().filter((frame) => frame !== page.mainFrame());
    const texts = await Promise.all(frames.map((frame) => frame.locator('body').innerText()));
    text = texts.join('\n');
    if (pattern.test(text)) return;
  }
  throw new Error(`the details do not read ${pattern}: ${text.slice(-300)}`);
}

/** Sends a signal by the menu “More Actions”. */
async function signal(name, input) {
  await open(feedSync);
  await status('Running');
  await press('signal');
  await page.getByTestId('signal-select-button').filter({ visible: true }).click();
  await page.getByRole('option', { name }).filter({ visible: true }).first().click();
  if (input !== undefined) {
    const dialog = page.locator('dialog').filter({ visible: true });
    await write(JSON.stringify(input), dialog);
  }
  await page.getByTestId('confirm-modal-button').filter({ visible: true }).click();
  await page.locator('dialog').filter({ visible: true }).waitFor({ state: 'detached' });
}

/** Presses a button of the workflow; the menu closes when the page renews itself. */
async function press(action) {
  if (action === 'cancel') {
    await page.getByRole('button', { name: 'Request Cancellation' }).click();
    await page.getByTestId('confirm-modal-button').filter({ visible: true }).click();
    return;
  }
  for (let attempt = 1; ; attempt++) {
    try {
      await page.getByRole('button', { name: 'More Actions' }).click();
      await page.getByTestId(`${action}-button`).filter({ visible: true }).click({ timeout: 2000 });
      return;
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

async function picture(name) {
  pictures += 1;
  const file = join(values.out, `${String(pictures).padStart(2, '0')}-${name}.png`);
  await page.screenshot({ path: file });
}
