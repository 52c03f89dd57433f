import { bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Where `npm run build` leaves the bundle, beside the compiled code. */
const PREBUILT = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));

/** Bundles the workflow code ahead of time, so that a worker compiles nothing when it starts. */
export async function writeWorkflowBundle(target: string = PREBUILT): Promise<void> {
  const { code } = await makeBundle();
  await writeFile(target, code);
}

/** The bundle made by the build; made now where there is none, as in tests. */
export async function workflowBundle(): Promise<WorkflowBundle | { readonly codePath: string }> {
  return existsSync(PREBUILT) ? { codePath: PREBUILT } : makeBundle();
}

async function makeBundle(): Promise<{ code: string }> {
  // Tests run the sources themselves, the program its compiled form.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL(`../workflows/index.${extension}`, import.meta.url)),
  });
}
