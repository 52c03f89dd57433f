/** The part of a store view's URLs that images of categories depend on. */
export interface ImageBase {
  /** Media URL, without trailing slash. */
  readonly media: string;
  /** Path of the shop's URL, without trailing slash: empty, or as in `/shop`. */
  readonly path: string;
}

/** From the base URLs of a store view. */
export function imageBase(urls: { readonly media: string; readonly link: string }): ImageBase {
  return { media: urls.media.replace(/\/+$/, ''), path: urlPathOf(urls.link).replace(/\/+$/, '') };
}

/**
 * The URL of a category's image. Stored are a bare file name, a path in the media folder or a URL;
 * whatever points into a media folder is put on the store view's media URL, a foreign host's, too.
 */
export function imageUrl(stored: string, { media, path }: ImageBase): string {
  const stripped = urlPathOf(stored);
  const relative = (stripped.startsWith(path) ? stripped.slice(path.length) : stripped).replace(
    /^\/+/,
    '',
  );
  const inMedia = /^(?:pub\/)?media\/(.*)$/s.exec(relative);
  if (inMedia !== null) return `${media}/${inMedia[1] ?? ''}`;
  if (stored.startsWith('/')) return stored;
  const file = stored.replace(/\/+$/, '');
  return `${media}/catalog/category/${file.slice(file.lastIndexOf('/') + 1)}`;
}

/** A URL without scheme, host, query and fragment. */
function urlPathOf(url: string): string {
  return url.replace(/^(?:[a-z][a-z0-9+.-]*:)?\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
}
