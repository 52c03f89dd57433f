import type { Configuration } from './configuration.js';
import { allSettings } from './settings.js';
import { perFeedSettings } from './settings/feeds.js';
import type { Origin } from './sources.js';

/** A setting as people see it. */
export interface SettingDescription {
  readonly name: string;
  /** Secrets and passwords masked; null where there is none. */
  readonly value: string | null;
  readonly origin: Origin;
  readonly description: string;
}

/** All settings in the order of the reference page; those of single feeds only where they are set. */
export function describeConfiguration({
  resolved,
}: Pick<Configuration, 'resolved'>): readonly SettingDescription[] {
  return [...allSettings].flatMap(([name, { type, description }]) => {
    const setting = resolved.get(name);
    const origin = setting?.origin ?? 'default';
    if (name in perFeedSettings && origin === 'default') return [];
    return [
      { name, value: setting === undefined ? null : type.show(setting.value), origin, description },
    ];
  });
}
