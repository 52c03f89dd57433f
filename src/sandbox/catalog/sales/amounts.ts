import type { OrderKind, OrderLine } from './order.js';

/** Amounts of one line in the base currency. */
export interface LineAmounts {
  readonly quantity: number;
  readonly price: number;
  readonly rowTotal: number;
  readonly tax: number;
  readonly discount: number;
}

export interface OrderAmounts {
  readonly lines: readonly LineAmounts[];
  readonly quantity: number;
  readonly subtotal: number;
  readonly tax: number;
  /** Negative or 0, as Commerce has it in the order. */
  readonly discount: number;
  readonly shipping: number;
  readonly grandTotal: number;
  readonly invoiced: number;
  readonly refunded: number;
}

const taxRate = 0.0825;
const shippingPrice = 5;

export function amountsOf(
  lines: readonly OrderLine[],
  { invoiced, refunded }: OrderKind,
  { virtual, coupon }: { readonly virtual: boolean; readonly coupon: boolean },
): OrderAmounts {
  const items = lines.map(({ product, quantity }): LineAmounts => {
    const price = product.price === 0 ? 10 : product.price;
    const rowTotal = money(price * quantity);
    return {
      quantity,
      price,
      rowTotal,
      tax: money(rowTotal * taxRate),
      discount: coupon ? money(rowTotal * 0.1) : 0,
    };
  });
  const sum = (pick: (line: LineAmounts) => number): number =>
    money(items.reduce((total, line) => total + pick(line), 0));
  const subtotal = sum(({ rowTotal }) => rowTotal);
  const tax = sum((line) => line.tax);
  const discount = money(0 - sum((line) => line.discount));
  const shipping = virtual ? 0 : shippingPrice;
  const grandTotal = money(subtotal + tax + discount + shipping);
  return {
    lines: items,
    quantity: sum(({ quantity }) => quantity),
    subtotal,
    tax,
    discount,
    shipping,
    grandTotal,
    invoiced: invoiced ? grandTotal : 0,
    refunded: refunded === 'fully' ? grandTotal : refunded === 'partly' ? money(grandTotal / 2) : 0,
  };
}

/** To the database’s four decimals. */
export function money(amount: number): number {
  return Math.round(amount * 10_000) / 10_000;
}

/** The same amounts in order and in base currency; `rate` is order currency for one of base. */
export function inBothCurrencies(
  amounts: Readonly<Record<string, number | null>>,
  rate: number,
): Record<string, number | null> {
  const both: Record<string, number | null> = {};
  for (const [name, amount] of Object.entries(amounts)) {
    both[name] = amount === null ? null : money(amount * rate);
    both[`base_${name}`] = amount;
  }
  return both;
}
