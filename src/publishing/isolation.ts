export interface IsolationOptions<Response> {
  /** Sends some of the items. */
  readonly ask: (items: readonly number[]) => Promise<Response>;
  /** Whether an answer refuses the request as the first one did, without naming items. */
  readonly isRefusal: (response: Response) => boolean;
  readonly isAcceptance: (response: Response) => boolean;
  /** Decides on items whose answer is no such refusal. */
  readonly conclude: (items: readonly number[], response: Response) => Promise<void>;
  /**
   * Culprits to be found, while nothing was accepted, before all items are suspected and a sample
   * of them is tried. 0: they are suspected from the start.
   */
  readonly patience: number;
}

/** Single items that are tried before all are given up: one that is accepted speaks for the rest. */
const SAMPLE = 3;

export interface Isolated<Response> {
  /** Items that were refused alone, each with its answer. */
  readonly culprits: readonly { readonly item: number; readonly response: Response }[];
  /** Whether single items seem not to be at fault: none that was tried was accepted. */
  readonly all: boolean;
  /** Items that were not concluded, culprits included. */
  readonly undecided: ReadonlySet<number>;
}

/**
 * Finds the items for which a request is refused that names none. Each is found by halving: one
 * request a step, one for the item alone, one for what is left; at most 2·log2(n)+2 requests for
 * each bad one of n items, the first request included.
 */
export async function isolate<Response>(
  items: readonly number[],
  first: Response,
  options: IsolationOptions<Response>,
): Promise<Isolated<Response>> {
  const { ask, isRefusal, conclude } = options;
  const undecided = new Set(items);
  const culprits: { item: number; response: Response }[] = [];
  const seen = { accepted: false };

  /** Sends some items; returns the refusal, or undefined when they are concluded. */
  const refusalOf = async (some: readonly number[]): Promise<Response | undefined> => {
    const response = await ask(some);
    if (isRefusal(response)) return response;
    seen.accepted ||= options.isAcceptance(response);
    await conclude(some, response);
    for (const item of some) undecided.delete(item);
    return undefined;
  };
  const isCulprit = (item: number): boolean => culprits.some((each) => each.item === item);
  const rest = (): number[] => [...undecided].filter((item) => !isCulprit(item));

  /** Whether all items seem to be refused: a sample, spread over those left, is tried first. */
  const allSuspected = async (): Promise<boolean> => {
    if (seen.accepted || culprits.length < options.patience) return false;
    for (const item of spread(rest())) {
      const response = await refusalOf([item]);
      if (response === undefined) return false;
      culprits.push({ item, response });
    }
    return true;
  };

  // The last refusal of a request that held a culprit beside the known ones, and of how many items.
  let refusal: Refusal<Response> | undefined = { response: first, items: items.length };
  for (;;) {
    const known = culprits.length;
    if (await allSuspected()) return { culprits, all: items.length > 1, undecided };
    if (culprits.length > known) refusal = undefined;
    let suspects = rest();
    if (suspects.length === 0) break;
    if (refusal === undefined) {
      const response = await refusalOf(suspects);
      if (response === undefined) break;
      refusal = { response, items: suspects.length };
    }
    let alone: Response | undefined;
    if (refusal.items === 1) alone = refusal.response;
    while (suspects.length > 1) {
      const half = suspects.slice(0, Math.ceil(suspects.length / 2));
      const answer = await refusalOf(half);
      suspects = answer === undefined ? suspects.slice(half.length) : half;
      alone = answer !== undefined && half.length === 1 ? answer : undefined;
    }
    // The last one left is not guilty for that alone: some refuse two items only together.
    alone ??= await refusalOf(suspects);
    const [suspect] = suspects;
    if (alone !== undefined && suspect !== undefined) {
      culprits.push({ item: suspect, response: alone });
    }
    refusal = undefined;
  }
  const all = !seen.accepted && items.length > 1 && culprits.length === items.length;
  return { culprits, all, undecided };
}

interface Refusal<Response> {
  readonly response: Response;
  /** How many items the request held. */
  readonly items: number;
}

/** Some of the items, from all parts of the list. */
function spread(items: readonly number[]): readonly number[] {
  const positions = Array.from({ length: SAMPLE }, (_, index) =>
    Math.floor(((2 * index + 1) * items.length) / (2 * SAMPLE)),
  );
  return [...new Set(positions)].flatMap((position) => items[position] ?? []);
}
