/**
 * JSON of something with a payload, which is put in as the text it is: read and written again it
 * could come out otherwise.
 */
export function itemJson<About extends { readonly payload: string }>(item: About): string {
  const { payload, ...about } = item;
  return `${JSON.stringify(about).slice(0, -1)},"payload":${payload}}`;
}
