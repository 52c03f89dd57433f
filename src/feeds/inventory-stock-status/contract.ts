import { Type, type Static } from 'typebox';

/** What of a product can be sold from a stock. */
export const StockStatus = Type.Object(
  {
    stockId: Type.String({
      minLength: 1,
      description: 'stock id in decimal; 1 is the default stock',
    }),
    sku: Type.String({ minLength: 1 }),
    productId: Type.Integer(),
    qty: Type.Number({ description: 'quantity of the stock index' }),
    qtyForSale: Type.Number({ description: 'qty and the reservations; may be negative' }),
    infiniteStock: Type.Boolean({
      description: 'stock is not managed, or backorders have no limit',
    }),
    isSalable: Type.Boolean({ description: 'as the stock index says' }),
    updatedAt: Type.String({ description: 'UTC, YYYY-MM-DD HH:MM:SS' }),
    deleted: Type.Boolean(),
  },
  { additionalProperties: false },
);

export type StockStatus = Static<typeof StockStatus>;
