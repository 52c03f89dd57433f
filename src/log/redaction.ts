const MASK = '***';

/** Keys whose values are secret, however they are spelt: `x-api-key`, `apiKey`, `SERVICE_API_KEY`. */
const SECRET_KEY =
  /authorization|cookie|api[-_]?key|gw[-_]?signature|password|passwd|passphrase|token$|secret|private[-_]?key|credential/i;

// Digits before a slash are a port.
const PASSWORD_IN_URL = /(:\/\/[^\s:/@"]*:)(?!\d+[/?#])[^\s"]+@/;

/** What a line with a secret has somewhere. */
const SUSPECT = new RegExp(`${SECRET_KEY.source.replace('$', '')}|${PASSWORD_IN_URL.source}`, 'i');

/**
 * A log line (JSON) with secrets masked at any depth, in bindings as in messages: values of keys
 * such as `authorization` and `privateKey`, and passwords in URLs.
 */
export function redactLine(line: string): string {
  // Most lines hold none, and lines with payloads are long: only suspects are parsed.
  if (!SUSPECT.test(line)) return line;
  return `${JSON.stringify(JSON.parse(line, redactValue))}\n`;
}

function redactValue(key: string, value: unknown): unknown {
  if (SECRET_KEY.test(key) && holdsSomething(value)) return MASK;
  return typeof value === 'string' ? maskUrls(value) : value;
}

function holdsSomething(value: unknown): boolean {
  return value !== null && value !== '' && typeof value !== 'boolean';
}

function maskUrls(text: string): string {
  return text.replace(new RegExp(PASSWORD_IN_URL, 'g'), `$1${MASK}@`);
}
