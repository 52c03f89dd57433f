import { expect, test } from 'vitest';

import { maskMessage, maskPersonalData, maskPersonalField } from './privacy.js';

const address = {
  phone: '555-1',
  region: 'Michigan',
  postcode: '48201',
  street: '12 Main St\nApt 4',
  multiLineStreet: ['12 Main St', ''],
  city: 'Detroit',
  country: 'US',
  firstname: 'Ann',
  lastname: 'Müller',
};
const order = {
  commerceOrderId: '7',
  customerId: 3,
  customerEmail: 'ann@example.com',
  customerNote: null,
  grandTotal: 12.5,
  payment: { billingAddress: address, paymentMethodName: 'Card' },
  shipping: { shippingAddress: null },
  items: [
    {
      sku: '24-MB01',
      name: 'Bag',
      productOptions: '{"options":[{"value":"For Ann"}]}',
      additionalInformation: [{ name: 'gift', value: 'for Ann' }],
    },
  ],
  creditMemos: [{ creditMemoComments: ['', 'Ann called'] }],
  shipments: [{ trackingInfo: { trackingNumber: '1Z', trackingUrl: 'http://shop.test/?hash=x' } }],
  transactions: [{ txnId: 'pp-1', type: 'capture' }],
  additionalInformation: [
    { name: 'method_title', value: 'Card' },
    { name: 'payer_email', value: 'ann@example.com' },
  ],
};

test('an order is shown without anything that tells who placed it', () => {
  expect(maskPersonalData('orders', order)).toEqual({
    commerceOrderId: '7',
    customerId: 3,
    customerEmail: '***',
    customerNote: null,
    grandTotal: 12.5,
    payment: {
      billingAddress: {
        phone: '***',
        region: '***',
        postcode: '***',
        street: '***',
        multiLineStreet: ['***', ''],
        city: '***',
        country: 'US',
        firstname: '***',
        lastname: '***',
      },
      paymentMethodName: 'Card',
    },
    shipping: { shippingAddress: null },
    items: [
      {
        sku: '24-MB01',
        name: 'Bag',
        productOptions: '***',
        additionalInformation: [{ name: 'gift', value: '***' }],
      },
    ],
    creditMemos: [{ creditMemoComments: ['', '***'] }],
    shipments: [{ trackingInfo: { trackingNumber: '***', trackingUrl: '***' } }],
    transactions: [{ txnId: '***', type: 'capture' }],
    additionalInformation: [
      { name: 'method_title', value: 'Card' },
      { name: 'payer_email', value: '***' },
    ],
  });
});

test('the order itself stays as it is, and so do items of other feeds', () => {
  expect(order.customerEmail).toBe('ann@example.com');
  const product = { sku: '24-MB01', city: 'Detroit' };
  expect(maskPersonalData('products', product)).toBe(product);
});

test('a message about an order is shown without e-mail addresses', () => {
  const message = 'customerEmail "ann@example.com" is no address (ann@example.com)';
  expect(maskMessage('orders', message)).toBe('customerEmail "***" is no address (***)');
  expect(maskMessage('products', message)).toBe(message);
  expect(maskMessage('orders', null)).toBeNull();
});

test.each([
  ['customerEmail', 'jane@example.com', '***'],
  ['customerEmail', undefined, undefined],
  ['payment.billingAddress.city', 'Berlin', '***'],
  ['payment.billingAddress', { city: 'Berlin', country: 'DE' }, { city: '***', country: 'DE' }],
  ['payment.billingAddress.street[].length', ['A 1', 'B'], ['***', '***']],
  ['items[].productOptions.options', { label: 'Engraving' }, '***'],
  ['items[].length', [{ sku: 'A', productOptions: 'x' }], [{ sku: 'A', productOptions: '***' }]],
  ['additionalInformation[].value', 'IBAN', '***'],
  ['additionalInformation[].name', 'iban', 'iban'],
  [
    'additionalInformation[].length',
    [{ name: 'iban', value: 'DE1' }],
    [{ name: 'iban', value: '***' }],
  ],
  ['additionalInformation[]', { name: 'iban', value: 'DE1' }, { name: 'iban', value: '***' }],
  ['grandTotal', 12.5, 12.5],
])('of a difference in %s of an order, what concerns a person is masked', (path, value, shown) => {
  expect(maskPersonalField('orders', path, value)).toEqual(shown);
  expect(maskPersonalField('products', path, value)).toBe(value);
});
