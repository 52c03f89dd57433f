import { FEED_NAMES } from '../feeds/names.js';
import { FILE_NAMES } from './configuration-file.js';
import { screamingName } from './names.js';
import { SETTING_GROUPS, type Setting } from './setting.js';
import { SETTINGS } from './settings.js';
import { FEED_ASPECTS, feedSettingName, perFeedSettings } from './settings/feeds.js';

const INTRODUCTION = `# Configuration

<!-- Made from src/configuration/settings; \`npx vitest run src/configuration/reference -u\` makes it anew. -->

Settings are environment variables. They may also stand in a file \`.env\` or in one of
${FILE_NAMES.map((name) => `\`${name}\``).join(', ')}, both in the working directory. In
the latter a setting has the same name in camel case: \`COMMERCE_DATABASE_URL\` is
\`commerceDatabaseUrl\`. Where a setting is given more than once, command-line flags win over
variables, variables over \`.env\`, \`.env\` over the file.

- An empty value counts as not set.
- Relative paths start from the working directory, those in the file from the file's folder.
- A wrong value, an unknown key in the file and an unknown variable \`FEED_…\` are errors. All of them
  are reported at once, and nothing is touched.
- \`saas-export config show\` prints what is in force and where each value comes from. Secrets and
  passwords are masked there and in logs.
- A change takes effect when a process starts.
`;

/** The page docs/configuration.md. */
export function renderConfigurationReference(): string {
  const settings = Object.entries<Setting<unknown>>(SETTINGS);
  const sections = SETTING_GROUPS.map((group) => [
    `## ${group}`,
    ...settings
      .filter(([, setting]) => setting.group === group)
      .map(([name, setting]) => entry(name, setting)),
    ...(group === 'Feeds' ? perFeedEntries() : []),
  ]);
  return `${[INTRODUCTION.trimEnd(), ...sections.flat()].join('\n\n')}\n`;
}

function entry(name: string, setting: Setting<unknown>, example = name): string {
  return [
    `### ${name.replace(/[<>]/g, '\\$&')}`,
    '',
    setting.description,
    '',
    `- Value: ${setting.type.label}${setting.type.secret === true ? ' (secret)' : ''}`,
    `- Default: ${defaultOf(setting)}`,
    `- Example: \`${example}=${setting.example}\``,
  ].join('\n');
}

function defaultOf({ type, default: value, defaultText }: Setting<unknown>): string {
  if (defaultText !== undefined) return defaultText;
  if (value === undefined) return 'none';
  return value === '' ? 'empty' : `\`${type.show(value)}\``;
}

function perFeedEntries(): string[] {
  const names = FEED_NAMES.map((feed) => `\`${screamingName(feed)}\``).join(', ');
  return [
    `Each feed has the following settings too; \`<FEED>\` is one of ${names}.`,
    ...FEED_ASPECTS.flatMap((aspect) => {
      const name = feedSettingName('products', aspect);
      const setting = perFeedSettings[name];
      return setting === undefined ? [] : [entry(`FEED_<FEED>_${aspect}`, setting, name)];
    }),
  ];
}
