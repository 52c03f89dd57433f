export type BackendType = 'static' | 'varchar' | 'int' | 'decimal' | 'text' | 'datetime';

/** An attribute as the shop defines it, before it has an id. */
export interface AttributeDefinition {
  readonly code: string;
  readonly type: BackendType;
  /** `null`: none, as with some system attributes. */
  readonly input: string | null;
  readonly label: string | null;
  readonly scope: 'global' | 'website' | 'store';
  readonly marks: ReadonlySet<string>;
  /** `class`, `source`, `backend`, `default`, `apply`, `weight`, `swatch`. */
  readonly settings: Readonly<Record<string, string>>;
}

const types = new Set<string>(['static', 'varchar', 'int', 'decimal', 'text', 'datetime']);
const knownMarks = new Set(
  'required unique hidden searchable filterable comparable front html rules filter-search listing sort advanced promo grid wysiwyg'.split(
    ' ',
  ),
);
const knownSettings = new Set('class source backend default apply weight swatch'.split(' '));

/**
 * Reads attributes, one a line: `code | type input | label | marks`. `-` stands for no input or
 * label. Marks: `website` or `store` scope (else global), flags, and settings as `name=value`.
 *
 * @throws Error with the line that cannot be read.
 */
export function readAttributes(text: string): AttributeDefinition[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [code = '', kind = '', label = '-', tail = ''] = line
        .split('|')
        .map((part) => part.trim());
      const [type = '', input = '-'] = kind.split(' ');
      const words = tail.split(' ').filter((word) => word !== '');
      const settings = Object.fromEntries(
        words
          .filter((word) => word.includes('='))
          .map((word): [string, string] => {
            const at = word.indexOf('=');
            return [word.slice(0, at), word.slice(at + 1)];
          }),
      );
      const marks = new Set(words.filter((word) => !word.includes('=')));
      const scope = marks.has('store') ? 'store' : marks.has('website') ? 'website' : 'global';
      marks.delete(scope);
      const unknown = [
        ...[...marks].filter((mark) => !knownMarks.has(mark)),
        ...Object.keys(settings).filter((name) => !knownSettings.has(name)),
      ];
      if (!isBackendType(type) || unknown.length > 0) throw new Error(`No attribute: ${line}`);
      return { code, type, input: absent(input), label: absent(label), scope, marks, settings };
    });
}

function isBackendType(type: string): type is BackendType {
  return types.has(type);
}

function absent(text: string): string | null {
  return text === '-' ? null : text;
}
