import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

import { createProgram } from '../src/client/program.js';
import type { ActivityDependencies } from '../src/activities/dependencies.js';
import { StateMetrics } from '../src/worker/metrics/state-metrics.js';
import { workMetrics } from '../src/worker/metrics/work-metrics.js';

const read = (page: string): string =>
  readFileSync(new URL(`../docs/${page}`, import.meta.url), 'utf8');
const namesIn = (text: string): string[] => [...new Set(text.match(/saas_export_\w+/g) ?? [])];

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string; readonly command: string };
}
const { groups } = parse(read('alerts.yml')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap(({ rules: each }) => each);

/** All metrics of the exporter, with their labels. */
async function registered(): Promise<ReadonlyMap<string, readonly string[]>> {
  const registry = new Registry();
  workMetrics(registry);
  // Nothing is read before somebody asks.
  new StateMetrics(registry, {} as ActivityDependencies, { requestsPerSecond: 0 });
  const metrics = await registry.getMetricsAsJSON();
  return new Map(
    metrics.map(({ name }) => {
      const metric = registry.getSingleMetric(name) as unknown as { labelNames: string[] };
      return [name, metric.labelNames];
    }),
  );
}

test('docs/metrics.md lists each metric with its labels, and none that is not', async () => {
  const listed = [...read('metrics.md').matchAll(/^\| `(saas_export_\w+)`\s+\|([^|]*)\|/gm)];
  const documented = listed.map(([, name = '', labels = '']) => [
    name,
    labels.match(/\w+/g)?.sort() ?? [],
  ]);
  const metrics = [...(await registered())].map(([name, labels]) => [name, [...labels].sort()]);
  expect(documented.sort()).toEqual(metrics.sort());
});

test('docs/metrics.md and docs/alerts.yml name metrics that exist', async () => {
  const metrics = await registered();
  for (const page of ['metrics.md', 'alerts.yml']) {
    expect(
      namesIn(read(page)).filter((name) => !metrics.has(name)),
      page,
    ).toEqual([]);
  }
});

test.each(rules)(
  'the rule $alert groups by labels its metrics have',
  async ({ expr, annotations }) => {
    const metrics = await registered();
    const names = namesIn(expr);
    expect(names.length).toBeGreaterThan(0);
    const used = [
      ...expr.matchAll(/by \((\w+)\)/g),
      ...`${annotations.summary} ${annotations.command}`.matchAll(/\$labels\.(\w+)/g),
    ].map(([, label = '']) => label);
    for (const name of names) expect(metrics.get(name)).toEqual(expect.arrayContaining(used));
  },
);

test.each(rules)('the rule $alert names a command that exists', ({ annotations }) => {
  const [npx, program, ...words] = annotations.command.split(' ');
  expect([npx, program]).toEqual(['npx', 'saas-export']);
  let command: Command = createProgram();
  for (const word of words.filter((each) => /^[a-z]/.test(each))) {
    command = command.commands.find((each) => each.name() === word) ?? command;
  }
  expect(command.commands).toEqual([]);
  const options = command.options.map(({ long }) => long);
  expect(options).toEqual(expect.arrayContaining(words.filter((word) => word.startsWith('--'))));
});

test.each([
  ['SaasExportNoWorker', 'worker'],
  ['SaasExportRunFailed', 'run/<feed>'],
  ['SaasExportLag', 'lag/<feed>'],
  ['SaasExportQuarantine', 'quarantine/<feed>'],
  ['SaasExportCaptureGaps', 'capture'],
  ['SaasExportServiceRefuses', 'service/<feed>'],
  ['SaasExportHeldDeletions', 'held/<feed>'],
])('the rule %s names the command that the alert %s names', (rule, key) => {
  const words = (command: string): string => command.split(/ [<-]/)[0] ?? '';
  const row = read('alerts.md')
    .split('\n')
    .find((line) => line.startsWith(`| \`${key}\``));
  const [command = ''] = row?.match(/`[^`]+`\s*\|$/) ?? [];
  const { annotations } = rules.find(({ alert }) => alert === rule)!;
  expect(words(annotations.command.replace('npx saas-export ', ''))).toBe(
    words(command.replaceAll(/[`|]/g, '').trim()),
  );
});
