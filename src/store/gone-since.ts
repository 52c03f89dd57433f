/**
 * Whether a newer collection found that the item's entity yields it no more: an older one, which
 * may still be on its way, must then neither send it nor take the mark away. Of an item that moved
 * to another entity the mark says nothing. For `ON DUPLICATE KEY UPDATE`, before
 * `source_entity_id` is assigned.
 */
export const GONE_SINCE = `(missing_seq IS NOT NULL AND missing_seq > VALUES(collected_seq)
  AND source_entity_id = VALUES(source_entity_id))`;
