/**
 * Something with a default and, where there are any, others for store views or websites. Scope 0
 * is the default.
 */
export class Scoped<Value> {
  base: Value | undefined;
  #scopes: Map<number, Value> | undefined;

  set(scopeId: number, value: Value): void {
    if (scopeId === 0) this.base = value;
    else (this.#scopes ??= new Map<number, Value>()).set(scopeId, value);
  }

  /** The value of the scope itself. */
  own(scopeId: number): Value | undefined {
    return scopeId === 0 ? this.base : this.#scopes?.get(scopeId);
  }

  /** The scope's value, unless there is none or it is null; else the default. */
  get(scopeId: number): Value | undefined {
    return this.#scopes?.get(scopeId) ?? this.base;
  }

  get hasScopes(): boolean {
    return this.#scopes !== undefined;
  }
}

/** Adds a value to those of a key. */
export function setScoped<Value>(
  map: Map<number, Scoped<Value>>,
  key: number,
  scopeId: number,
  value: Value,
): void {
  let scoped = map.get(key);
  if (scoped === undefined) map.set(key, (scoped = new Scoped<Value>()));
  scoped.set(scopeId, value);
}
