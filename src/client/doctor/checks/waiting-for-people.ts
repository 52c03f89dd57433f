import { feedNamed } from '../../../feeds/registry.js';
import { feedsWithHeldDeletions, heldDeletions } from '../../../store/held-deletions.js';
import { quarantineCounts } from '../../../store/quarantine.js';
import { ok, warning, type Check, type Finding } from '../finding.js';

/** What waits for a person: items in quarantine, and deletions that are held. */
export const waitingForPeople: Check = {
  name: 'waiting for people',
  async run({ store }) {
    if (store === undefined) return [];
    const findings: Finding[] = [];
    for (const [feed, items] of await quarantineCounts(store)) {
      findings.push(
        warning(
          `${items} items of ${feed} are in quarantine.`,
          'The service refused them; they are sent again when their content changes.',
          `saas-export quarantine list --feed ${feed}`,
        ),
      );
    }
    for (const feed of (await feedsWithHeldDeletions(store)).map(feedNamed)) {
      const held = await heldDeletions(store, feed);
      if (held === undefined) continue;
      findings.push(
        warning(
          `${held.items} deletions of ${feed.name} are held since ${held.heldAt.slice(0, 19)} UTC.`,
          'They are so many that a person has to say that they are meant; the service still has the items.',
          `saas-export deletions list --feed ${feed.name}; then deletions release or deletions drop`,
        ),
      );
    }
    return findings.length > 0 ? findings : [ok('Nothing waits for a decision.')];
  },
};
