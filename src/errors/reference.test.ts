import { expect, test } from 'vitest';

import { renderErrorReference } from './reference.js';

test('docs/errors.md says what the code table says', async () => {
  await expect(renderErrorReference()).toMatchFileSnapshot('../../docs/errors.md');
});
