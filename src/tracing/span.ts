/** What a span says of its work: names, numbers and states; never values, payloads or secrets. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** A piece of work while it is under way. */
export interface Span {
  /** Whether anybody keeps it; where not, what is costly to find out is left out. */
  readonly isRecording: boolean;
  set(attributes: SpanAttributes): void;
  /** Runs `work` as part of this span, also where libraries have lost track of it. */
  within<T>(work: () => T): T;
}

export interface SpanOptions {
  /** Whether the work is done by another server. Default false. */
  readonly client?: boolean;
  readonly attributes?: SpanAttributes;
}

/** Keeps spans. */
export interface SpanRecorder {
  span<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
}

const NOBODY: Span = {
  isRecording: false,
  set: () => undefined,
  within: (work) => work(),
};

let recorder: SpanRecorder | undefined;

/** Has spans kept from now on; undefined: no more. */
export function recordSpans(by: SpanRecorder | undefined): void {
  recorder = by;
}

/** Whether spans are kept: names that take effort are made only then. */
export function recordsSpans(): boolean {
  return recorder !== undefined;
}

/** Runs `work` as a span of the trace it belongs to; costs nothing where none are kept. */
export function inSpan<T>(
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return recorder === undefined ? work(NOBODY) : recorder.span(name, options, work);
}
