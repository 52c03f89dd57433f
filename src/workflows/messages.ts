import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';

import type { RunCounts } from '../feeds/counts.js';
import type { FeedName } from '../feeds/names.js';
import type { Operation } from '../feeds/operation.js';
import { CONTROL, QUERY, SIGNAL } from './names.js';

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
  /** Send deletions however many there are, those held before included. */
  readonly approveDeletions?: boolean;
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
  | 'noReindex'
  | 'cleanupFeed'
  | 'dryRun'
  | 'ids'
  | 'idType'
  | 'force'
  | 'approveDeletions'
  | 'threadCount'
  | 'batchSize'
>;

/** How a partial sync was asked for. */
export interface PartialSyncInput {
  /** Names of feeds. Default: all. */
  readonly feeds?: readonly FeedName[] | 'all';
  /** Seconds in which it waits for further changes. Default 60; 0: it ends with what is there. */
  readonly listenSeconds?: number;
}

/** Which feeds a launcher looks at. */
export interface FeedsInput {
  readonly feeds?: readonly FeedName[] | 'all';
}

export interface CleanupDeletedItemsInput extends FeedsInput {
  /** Default 7. */
  readonly olderThanDays?: number;
}

export interface VerifyFeedsInput extends FeedsInput {
  /** Rows read a second at most, on all sides; 0: no limit. Default 1,000. */
  readonly rowsPerSecond?: number | undefined;
  /** Queue what drifted. */
  readonly fix?: boolean | undefined;
}

export interface FeedSyncInput extends RunOptions {
  readonly feed: FeedName;
  /** Default: a full sync. */
  readonly operation?: Operation;
  /** RFC 3339: until when a partial sync waits for further changes. */
  readonly listenUntil?: string;
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
  readonly operation: Operation;
  /** 0: a dry run, which has neither lease nor record. */
  readonly runId: number;
  readonly epoch: number;
  readonly options: RunOptions;
  /** Collections of this run have higher numbers. */
  readonly firstSeq: number;
  /** Entities queued up to this number wait for their place in a full sync; 0: none does. */
  readonly coveredUpTo: number;
  /** Queued full syncs up to this one are answered by the run. */
  readonly answersUpTo: number;
  /** RFC 3339. */
  readonly startedAt: string;
  /** Who called, for the logs. */
  readonly caller: string;
  /** Whole items of an immediate feed are kept, so they can be sent again. Default: they are not. */
  readonly keepsItems?: boolean;
}

export interface ContinuedRun {
  readonly run: RunRef;
  /** Absent: segments were not planned, or the operation has none. */
  readonly plan?: SegmentPlan;
  /** The first segment that has not been started. */
  readonly nextSegment: number;
  /** Segments before it that were interrupted. */
  readonly unfinished?: readonly number[];
  readonly counts: RunCounts;
  readonly startedAt: string;
  readonly lastError?: RunError;
  readonly controls?: ControlState;
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
  /** Orders that came by signal when the run was ending already, and changed nothing. */
  readonly tooLate?: readonly string[];
}

/** Who stopped a run, and why. */
export interface Pause {
  readonly by?: string;
  readonly reason?: string;
}

export interface Approval {
  readonly by?: string;
}

/** An order that a person gave and that changed something, for the audit. */
export interface GivenOrder {
  readonly what: keyof typeof CONTROL;
  readonly by?: string;
  readonly reason?: string;
  /** RFC 3339. */
  readonly at: string;
}

/** What people told a run, carried over when it continues as new. */
export interface ControlState {
  readonly paused?: Pause;
  readonly approved?: Approval;
  /** The form in which the run is to start over. */
  readonly restart?: 'cleanupFeed' | 'noReindex';
  /** All orders so far, oldest first. */
  readonly given?: readonly GivenOrder[];
}

/** What became of each feed that a launcher looked at. */
export interface LauncherResult {
  /** Feeds whose run it started. */
  readonly started: readonly FeedName[];
  /** Feeds left to a run that was working on them. */
  readonly handedOver: readonly FeedName[];
  /** Runs that it started and saw end. */
  readonly settled: Readonly<Partial<Record<FeedName, FeedSyncResult>>>;
}

export interface PartialSyncResult extends LauncherResult {
  /** Changed rows of the shop that were resolved to entities. */
  readonly changes: number;
  /** Feeds for which a full sync was started, with the reasons. */
  readonly fullSyncs: Readonly<Partial<Record<FeedName, string>>>;
}

export interface FullSyncResult {
  readonly outcome: FeedOutcome;
  readonly feeds: Readonly<Partial<Record<FeedName, FeedSyncResult>>>;
}

export type Phase =
  'starting' | 'planning' | 'exporting' | 'deletions' | 'publishing' | 'listening' | 'ending';

/** Why a run sends nothing just now. */
export interface RunWait {
  readonly reason: string;
  /** RFC 3339: when it tries again, at the latest. */
  readonly until: string;
}

/** What made an attempt of the run's work fail; the work is tried again. */
export interface RunError {
  readonly message: string;
  /** RFC 3339. */
  readonly at: string;
}

export interface Progress {
  readonly feed: FeedName;
  readonly operation: Operation;
  readonly phase: Phase;
  /** Set while the run waits for the service or for others. */
  readonly waitsFor?: RunWait;
  /** The last failure that the run went on after. */
  readonly lastError?: RunError;
  /** Set while a person has stopped the run. */
  readonly paused?: Pause;
  /** What the run does, for those who ask for the same. */
  readonly options: RunOptions;
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
  /** Set while a person has stopped the full sync. */
  readonly paused?: Pause;
}

export interface FeedProgress {
  readonly feed: FeedName;
  /** Ask the run under this ID for its own progress. */
  readonly workflowId: string;
  readonly state: 'queued' | 'paused' | 'waiting for another run' | 'running' | FeedOutcome;
  /** The run it waits for or joined. */
  readonly waitsFor?: string;
}

/** The number under which work that has no segments tells how far it is. */
export const WITHOUT_SEGMENTS = -1;

export interface SegmentProgress {
  /** The segment's number, or `WITHOUT_SEGMENTS`. */
  readonly segment: number;
  /** Of the segment so far, in this attempt and earlier ones; what was told before stays. */
  readonly counts?: RunCounts;
  /** Why nothing is sent; absent: it is. */
  readonly waitsFor?: RunWait;
  /** This attempt has failed. */
  readonly failed?: RunError;
}

export const progressQuery = defineQuery<Progress>(QUERY.progress);
export const fullSyncProgressQuery = defineQuery<FullSyncProgress>(QUERY.progress);
export const cleanupFeedSignal = defineSignal<[Approval?]>(SIGNAL.cleanupFeed);
export const noReindexSignal = defineSignal<[Approval?]>(SIGNAL.noReindex);
export const pauseSignal = defineSignal<[Pause?]>(SIGNAL.pause);
export const resumeSignal = defineSignal<[Approval?]>(SIGNAL.resume);
export const approveDeletionsSignal = defineSignal<[Approval?]>(SIGNAL.approveDeletions);
export const makeWaySignal = defineSignal(SIGNAL.makeWay);

/** The updates of people: each answers with what it did, or why not. */
export const cleanupFeedUpdate = defineUpdate<string, [Approval?]>(CONTROL.cleanupFeed);
export const noReindexUpdate = defineUpdate<string, [Approval?]>(CONTROL.noReindex);
export const pauseUpdate = defineUpdate<string, [Pause?]>(CONTROL.pause);
export const resumeUpdate = defineUpdate<string, [Approval?]>(CONTROL.resume);
export const approveDeletionsUpdate = defineUpdate<string, [Approval?]>(CONTROL.approveDeletions);

export const segmentProgressSignal = defineSignal<[SegmentProgress]>(SIGNAL.segmentProgress);
