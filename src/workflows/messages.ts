import { defineQuery, defineSignal } from '@temporalio/workflow';

import type { RunCounts } from '../feeds/counts.js';
import type { FeedName } from '../feeds/names.js';
import { QUERY, SIGNAL } from './names.js';

/** How a full sync was asked for. All fields are optional; `{}` is a full sync of all feeds. */
export interface FullSyncInput {
  /** Names of feeds, in the order in which they start. Default: all, in the recommended order. */
  readonly feeds?: readonly FeedName[] | 'all';
  /** Collect nothing: send what is stored. */
  readonly noReindex?: boolean;
  /** All items count as never sent. */
  readonly cleanupFeed?: boolean;
  /** Collect and compare, but send nothing and store nothing. */
  readonly dryRun?: boolean;
  /** Only these entities, sent even if unchanged. */
  readonly ids?: readonly string[];
  /** How to read `ids`. Default: `sku` where the feed has SKUs, else `entityId`. */
  readonly idType?: string;
  /** Send everything, also what the service has already. */
  readonly force?: boolean;
  /** Segments exported at the same time. Default: the feed's setting. */
  readonly threadCount?: number;
  /** Items a request holds. Default: the feed's setting. */
  readonly batchSize?: number;
  readonly requestedBy?: string;
  readonly reason?: string;
}

/** What a run does, beside what its feed says. */
export type RunOptions = Pick<
  FullSyncInput,
  'noReindex' | 'cleanupFeed' | 'dryRun' | 'ids' | 'idType' | 'force' | 'threadCount' | 'batchSize'
>;

export interface FeedSyncInput extends RunOptions {
  readonly feed: FeedName;
  readonly launchedBy?: string;
  readonly requestedBy?: string;
  readonly reason?: string;
  readonly trigger: string;
  /** What a run hands over when it continues as new. */
  readonly continued?: ContinuedRun;
}

/** A run as its activities know it. */
export interface RunRef {
  readonly feed: FeedName;
  /** 0: a dry run, which has neither lease nor record. */
  readonly runId: number;
  readonly epoch: number;
  readonly options: RunOptions;
  /** Collections of this run have higher numbers. */
  readonly firstSeq: number;
  /** RFC 3339. */
  readonly startedAt: string;
  /** Who called, for the logs. */
  readonly caller: string;
}

export interface ContinuedRun {
  readonly run: RunRef;
  readonly plan: SegmentPlan;
  /** The first segment that has not been started. */
  readonly nextSegment: number;
  readonly counts: RunCounts;
  readonly startedAt: string;
}

/** The segments of a run, by number; of a dry run, which stores none, with their ranges. */
export interface SegmentPlan {
  readonly segments: number;
  /** Source entities. */
  readonly total: number;
  readonly threadCount: number;
  readonly ranges?: readonly { readonly from: number; readonly to: number }[];
}

export type FeedOutcome =
  'completed' | 'completed with failures' | 'cancelled' | 'failed' | 'not available';

export interface FeedSyncResult {
  readonly outcome: FeedOutcome;
  readonly counts: RunCounts;
  /** What happened, in one sentence. */
  readonly sentence: string;
}

export interface FullSyncResult {
  readonly outcome: FeedOutcome;
  readonly feeds: Readonly<Partial<Record<FeedName, FeedSyncResult>>>;
}

export type Phase = 'starting' | 'planning' | 'exporting' | 'deletions' | 'publishing' | 'ending';

export interface Progress {
  readonly feed: FeedName;
  readonly operation: string;
  readonly phase: Phase;
  /** Source entities done, and in all. */
  readonly processed: number;
  readonly total: number;
  readonly sent: number;
  /** Items not sent, because the service has them already. */
  readonly skipped: number;
  readonly rejected: number;
  readonly failed: number;
  readonly requests: number;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly etaSeconds: number | null;
}

/** The feeds of a full sync, in the order in which they start. */
export interface FullSyncProgress {
  readonly feeds: readonly FeedProgress[];
}

export interface FeedProgress {
  readonly feed: FeedName;
  /** Ask the run under this ID for its own progress. */
  readonly workflowId: string;
  readonly state: 'queued' | 'waiting for another run' | 'running' | FeedOutcome;
}

export interface SegmentProgress {
  readonly segment: number;
  /** Of the segment so far, in this attempt and earlier ones. */
  readonly counts: RunCounts;
}

export const progressQuery = defineQuery<Progress>(QUERY.progress);
export const fullSyncProgressQuery = defineQuery<FullSyncProgress>(QUERY.progress);
export const segmentProgressSignal = defineSignal<[SegmentProgress]>(SIGNAL.segmentProgress);
