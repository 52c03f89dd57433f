import { ExportError } from '../errors/export-error.js';
import { suggestion } from '../errors/suggestion.js';
import { allSettings, SETTINGS, type SettingName } from './settings.js';

/** The error that lists all problems of a configuration. */
export function invalidConfiguration(problems: readonly string[]): ExportError {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new ExportError('SDE10-01', {
    message: `The configuration has ${count}:\n${problems.map((each) => `- ${each}`).join('\n')}`,
  });
}

/** The problem of a setting that is needed and not there. */
export function absence(name: SettingName, variableNames: readonly string[]): string {
  const { description, example } = SETTINGS[name];
  const file = fileOf(name);
  const strangers = variableNames.filter((each) => !allSettings.has(each));
  const misspelt = suggestion(name, strangers);
  return [
    `${name}${file === undefined ? '' : ` or ${file}`} is missing: ${description}`,
    ...(misspelt === undefined ? [] : [`${misspelt} is set: is it misspelt?`]),
    `Example: ${name}=${example}`,
  ].join(' ');
}

/** The setting that names a file with the value of another one. */
export function fileOf(name: SettingName): string | undefined {
  return [...allSettings].find(([, { contentOf }]) => contentOf === name)?.[0];
}
