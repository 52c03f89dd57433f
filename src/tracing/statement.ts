import { inSpan, recordsSpans } from './span.js';

/** What a statement does and to which table: all that a span tells of it. */
export interface StatementName {
  readonly operation: string;
  readonly table: string | undefined;
}

const TABLE =
  /\b(?:FROM|INTO|UPDATE|JOIN|TABLE)\s+((?:`[^`]+`|[\w$]+)(?:\s*\.\s*(?:`[^`]+`|[\w$]+))?)/i;

/** The name of a statement: its verb and its first table, without a single value. */
export function statementName(sql: string): StatementName {
  const [operation = 'SQL'] = /[A-Za-z]+/.exec(sql) ?? [];
  const [, table] = TABLE.exec(sql) ?? [];
  return { operation: operation.toUpperCase(), table: table?.replaceAll(/[`\s]/g, '') };
}

/** Runs a statement as a span named after it; `rows` tells how many rows a result has. */
export function inStatementSpan<T>(
  sql: string,
  run: () => Promise<T>,
  rows: (result: T) => number | undefined,
): Promise<T> {
  if (!recordsSpans()) return run();
  const { operation, table } = statementName(sql);
  const attributes = {
    'db.system.name': 'mysql',
    'db.operation.name': operation,
    'db.collection.name': table,
  };
  return inSpan(
    table === undefined ? operation : `${operation} ${table}`,
    { client: true, attributes },
    async (span) => {
      const result = await run();
      span.set({ 'db.response.returned_rows': rows(result) });
      return result;
    },
  );
}
