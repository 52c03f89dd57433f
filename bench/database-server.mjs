/** The server that a benchmark works on: one that runs already, or a private one. */
export async function databaseServer(url) {
  if (url !== undefined) return { url, stop: () => Promise.resolve() };
  const { findMariaDb } = await import('../dist/sandbox/servers/mariadb-binaries.js');
  const { startMariaDb } = await import('../dist/sandbox/servers/mariadb.js');
  const environment = process.env;
  const binaries = await findMariaDb({ environment, report: () => undefined });
  const mariadb = await startMariaDb({ binaries, environment });
  return { url: mariadb.url(''), stop: () => mariadb.stop() };
}
