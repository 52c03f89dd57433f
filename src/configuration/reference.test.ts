import { expect, test } from 'vitest';

import { renderConfigurationReference } from './reference.js';

test('docs/configuration.md says what the settings say', async () => {
  await expect(renderConfigurationReference()).toMatchFileSnapshot('../../docs/configuration.md');
});
