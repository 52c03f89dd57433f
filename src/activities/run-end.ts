import type { RunCounts } from '../feeds/counts.js';
import { STATUS_TEXTS } from '../log/status-texts.js';
import { dropCovered } from '../store/pending.js';
import { recordRunEnd } from '../store/runs.js';
import { dropSegments, segmentCounts } from '../store/segments.js';
import { answerRequests } from '../store/sync-requests.js';
import type { FeedOutcome, FeedSyncResult, GivenOrder, RunRef } from '../workflows/messages.js';
import { sentenceOf } from '../workflows/sentence.js';
import type { ActivityDependencies } from './dependencies.js';
import { runLog } from './run-log.js';
import { iterations } from './run-progress.js';

export interface EndRunInput {
  readonly run: RunRef;
  readonly outcome: FeedOutcome;
  /** As the workflow knows them; the store's are exact, and a dry run has none there. */
  readonly counts: RunCounts;
  /** Why it failed, or who cancelled it. */
  readonly cause: string | undefined;
  /** What people told it meanwhile; none from runs that began before they were noted. */
  readonly orders?: readonly GivenOrder[];
}

/** Writes the end of a run into its record, once, and returns what came of it. */
export async function endRun(
  deps: ActivityDependencies,
  { run, outcome: ended, counts: told, cause, orders }: EndRunInput,
): Promise<FeedSyncResult> {
  const { store } = deps;
  const counts = run.runId === 0 ? told : await segmentCounts(store, run.runId);
  const troubled = ended === 'completed' && counts.rejected + counts.failed + counts.held > 0;
  const outcome = troubled ? 'completed with failures' : ended;
  const sentence = sentenceOf({ ...run, outcome, counts, cause, orders });
  const log = runLog(deps, run);
  const { processed, sent } = counts;
  const pages = iterations(run, processed, processed);
  log.progress({ ...pages, processed, synced: sent });
  if (ended === 'failed') log.warning(sentence);
  else log.status(ended === 'completed' ? STATUS_TEXTS.complete : sentence, { counts });
  if (outcome !== 'not available') {
    const seconds = (Date.now() - Date.parse(run.startedAt)) / 1000;
    deps.observer?.runEnded({ feed: run.feed, operation: run.operation, outcome, seconds });
  }
  if (run.runId === 0 || outcome === 'not available') return { outcome, counts, sentence };
  const first = await recordRunEnd(store, run.runId, { outcome, sentence, counts });
  if (ended === 'completed') {
    await answerRequests(store, run.feed, run.answersUpTo);
    if (run.coveredUpTo > 0) await dropCovered(store, run.feed, run.coveredUpTo);
  }
  await dropSegments(store, run.runId);
  return { outcome: first.outcome, counts: first.counts, sentence: first.sentence };
}
