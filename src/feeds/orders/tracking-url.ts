import type { Configuration } from '../../commerce/configuration.js';

/**
 * Where the pages of parcels begin. Tracking: the default scope's URL as a cron run makes it, with
 * the admin's store code and the script's name, whatever the order's own store view is.
 */
export function trackingBase(configuration: Configuration): string {
  const link = configuration
    .value('web/unsecure/base_link_url')
    ?.replaceAll('{{base_url}}', 'http://localhost/');
  const script = configuration.flag('web/seo/use_rewrites') ? '' : 'magento/';
  const store = configuration.flag('web/url/use_store') ? 'admin/' : '';
  return `${(link ?? '').replace(/\/+$/, '')}/${script}${store}shipping/tracking/popup?hash=`;
}

/** The page of a parcel; the code protects it from guessing. */
export function trackingUrl(base: string, trackId: number, protectCode: string | null): string {
  const hash = Buffer.from(`track_id:${trackId}:${protectCode ?? ''}`).toString('base64');
  return base + hash.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '%7E');
}
