import type { OnStatement } from '../commerce/read.js';
import type { FeedName } from '../feeds/names.js';
import { statementName } from '../tracing/statement.js';
import type { Observer, Part } from './observer.js';

/** What is found out of the parts of collecting one page. */
export interface Parts {
  readonly onStatement: OnStatement;
  /** Tells what each part took, now that the items are made. */
  tell(items: number): void;
}

/** Measures the parts of collecting a page from now on; undefined where nobody wants them. */
export function partsOf(observer: Observer | undefined, feed: FeedName): Parts | undefined {
  if (observer?.parts === undefined) return undefined;
  const start = performance.now();
  const queries = new Map<string, { rows: number; milliseconds: number }>();
  return {
    onStatement(sql, rows, milliseconds) {
      const { operation, table } = statementName(sql);
      const name = table === undefined ? operation : `${operation} ${table}`;
      const sum = queries.get(name) ?? { rows: 0, milliseconds: 0 };
      queries.set(name, {
        rows: sum.rows + rows,
        milliseconds: sum.milliseconds + milliseconds,
      });
    },
    tell(items) {
      let left = performance.now() - start;
      const parts = [...queries].map(([name, { rows, milliseconds }]): Part => {
        left -= milliseconds;
        return { feed, name, entities: rows, seconds: milliseconds / 1000 };
      });
      const made: Part = { feed, name: 'make items', entities: items, seconds: left / 1000 };
      observer.parts?.([...parts, { ...made, seconds: Math.max(0, made.seconds) }]);
    },
  };
}
