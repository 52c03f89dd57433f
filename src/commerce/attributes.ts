import type { Read } from './read.js';

const VALUE_TYPES = ['varchar', 'int', 'decimal', 'text', 'datetime'] as const;

/** The backend types whose values stand in tables of their own. */
export type ValueType = (typeof VALUE_TYPES)[number];

export interface Attribute {
  readonly id: number;
  readonly code: string;
  /** `static` and unknown backend types have no value table. */
  readonly valueType: ValueType | undefined;
  readonly frontendInput: string | null;
  readonly frontendLabel: string | null;
  readonly sourceModel: string | null;
  readonly userDefined: boolean;
}

/** The EAV attributes of an entity type, by code. */
export class Attributes {
  readonly #byCode: ReadonlyMap<string, Attribute>;

  constructor(attributes: readonly Attribute[]) {
    this.#byCode = new Map(attributes.map((attribute) => [attribute.code, attribute]));
  }

  get all(): readonly Attribute[] {
    return [...this.#byCode.values()];
  }

  get(code: string): Attribute | undefined {
    return this.#byCode.get(code);
  }

  /** The id of an attribute; 0, which no attribute has, where it does not exist. */
  id(code: string): number {
    return this.#byCode.get(code)?.id ?? 0;
  }

  /** Those of the codes that exist and have values, grouped by value table. */
  byValueType(codes: Iterable<string>): Map<ValueType, Attribute[]> {
    const groups = new Map<ValueType, Attribute[]>();
    for (const code of codes) {
      const attribute = this.#byCode.get(code);
      if (attribute?.valueType === undefined) continue;
      const group = groups.get(attribute.valueType);
      if (group === undefined) groups.set(attribute.valueType, [attribute]);
      else group.push(attribute);
    }
    return groups;
  }
}

/** Reads the attributes of an entity type (`catalog_product`, `catalog_category`), in id order. */
export async function readAttributes(
  read: Read,
  t: (table: string) => string,
  entityType: string,
): Promise<Attributes> {
  const rows = await read.rows<
    [number, string, string, string | null, string | null, string | null, number]
  >(
    `SELECT a.attribute_id, a.attribute_code, a.backend_type, a.frontend_input, a.frontend_label,
            a.source_model, a.is_user_defined
     FROM ${t('eav_attribute')} a
     JOIN ${t('eav_entity_type')} y ON y.entity_type_id = a.entity_type_id
     WHERE y.entity_type_code = ?
     ORDER BY a.attribute_id`,
    [entityType],
  );
  return new Attributes(
    rows.map(([id, code, backendType, frontendInput, frontendLabel, sourceModel, userDefined]) => ({
      id,
      code,
      valueType: VALUE_TYPES.find((type) => type === backendType),
      frontendInput,
      frontendLabel,
      sourceModel,
      userDefined: userDefined !== 0,
    })),
  );
}
