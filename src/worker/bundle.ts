import { bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Where `npm run build` leaves the bundle, beside the compiled code. */
const PREBUILT = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
/** The same with spans: a bundle of its own, so that OpenTelemetry costs nothing where it is off. */
const PREBUILT_TRACED = fileURLToPath(new URL('../workflow-bundle-traced.js', import.meta.url));

export interface BundleOptions {
  /** Whether workflows make spans. Default false. */
  readonly traced?: boolean;
}

/** Bundles the workflow code ahead of time, so that a worker compiles nothing when it starts. */
export async function writeWorkflowBundles(): Promise<void> {
  for (const traced of [false, true]) {
    const { code } = await makeBundle({ traced });
    await writeFile(traced ? PREBUILT_TRACED : PREBUILT, code);
  }
}

/** The bundle made by the build; made now where there is none, as in tests. */
export async function workflowBundle(
  options: BundleOptions = {},
): Promise<WorkflowBundle | { readonly codePath: string }> {
  const codePath = options.traced === true ? PREBUILT_TRACED : PREBUILT;
  return existsSync(codePath) ? { codePath } : makeBundle(options);
}

async function makeBundle({ traced = false }: BundleOptions): Promise<{ code: string }> {
  // Tests run the sources themselves, the program its compiled form.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL(`../workflows/index.${extension}`, import.meta.url)),
    workflowInterceptorModules: traced
      ? [fileURLToPath(new URL(`./tracing/workflow-interceptors.${extension}`, import.meta.url))]
      : [],
  });
}
