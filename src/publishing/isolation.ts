export interface IsolationOptions<Response> {
  /** Sends some of the items. */
  readonly ask: (items: readonly number[]) => Promise<Response>;
  /** Whether an answer refuses the request as the first one did, without naming items. */
  readonly isRefusal: (response: Response) => boolean;
  readonly isAcceptance: (response: Response) => boolean;
  /** Decides on items whose answer is no such refusal. */
  readonly conclude: (items: readonly number[], response: Response) => Promise<void>;
  /** Culprits to be found, while nothing was accepted, before all items are suspected. */
  readonly patience: number;
}

export interface Isolated<Response> {
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

  let refused: readonly number[] = items;
  let refusal = first;
  while (refused.length > 0) {
    // `refused` holds a culprit, as `refusal` says.
    let suspects = refused;
    let alone = suspects.length === 1 ? refusal : undefined;
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

    const left = rest();
    if (left.length === 0) break;
    if (!seen.accepted && culprits.length >= options.patience) {
      const last = left.slice(-1);
      if ((await refusalOf(last)) !== undefined) return { culprits, all: true, undecided };
      if (left.length === 1) break;
    }
    const remaining = rest();
    const answer = await refusalOf(remaining);
    if (answer === undefined) break;
    refused = remaining;
    refusal = answer;
  }
  const all = !seen.accepted && items.length > 1 && culprits.length === items.length;
  return { culprits, all, undecided };
}
