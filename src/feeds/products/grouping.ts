/** Adds a value to the list of a key. */
export function append<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** The inner map of a key, made where it is missing. */
export function within<Key, InnerKey, Value>(
  maps: Map<Key, Map<InnerKey, Value>>,
  key: Key,
): Map<InnerKey, Value> {
  let map = maps.get(key);
  if (map === undefined) maps.set(key, (map = new Map<InnerKey, Value>()));
  return map;
}

/** Adds a value to the list of a key, by id: at the end, unless rows come in an unusual order. */
export function appendById<Key, Value extends { readonly id: number }>(
  lists: Map<Key, Value[]>,
  key: Key,
  value: Value,
): void {
  const list = lists.get(key);
  if (list === undefined) {
    lists.set(key, [value]);
    return;
  }
  let at = list.length;
  while (at > 0 && (list[at - 1]?.id ?? 0) > value.id) at -= 1;
  if (at === list.length) list.push(value);
  else list.splice(at, 0, value);
}

/** The list as payloads carry it: null when it is empty. */
export function orNull<Value>(list: Value[]): Value[] | null {
  return list.length === 0 ? null : list;
}
