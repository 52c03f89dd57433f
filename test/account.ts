import { randomBytes } from 'node:crypto';
import { createConnection, type Connection } from 'mysql2/promise';
import { inject } from 'vitest';

const SETTINGS = ['COMMERCE_DATABASE_URL', 'EXPORT_DATABASE_URL'] as const;

/** An account with the least rights of one that installs, runs the exporter and is the definer. */
export class Account {
  readonly #name = `t_${randomBytes(4).toString('hex')}`;
  readonly #admin: Connection;
  readonly #shop: string;
  readonly #store: string;
  readonly #settings: Readonly<Record<string, string>>;

  private constructor(admin: Connection, settings: Readonly<Record<string, string>>) {
    this.#admin = admin;
    this.#settings = settings;
    [this.#shop, this.#store] = SETTINGS.map((setting) =>
      new URL(settings[setting] ?? '').pathname.slice(1),
    ) as [string, string];
  }

  /** @param settings those of an account that may do everything. */
  static async make(settings: Readonly<Record<string, string>>): Promise<Account> {
    const { host, port, user } = inject('mariadb');
    const account = new Account(await createConnection({ host, port, user }), settings);
    await account.#run('CREATE USER ?');
    await account.grant('SELECT, TRIGGER');
    await account.grantChangelog();
    await account.#run(`GRANT ALL ON \`${account.#store}\`.* TO ?`);
    return account;
  }

  /** The settings under this account. */
  get settings(): Readonly<Record<string, string>> {
    const urls = SETTINGS.map((setting) => {
      const url = new URL(this.#settings[setting] ?? '');
      url.username = this.#name;
      return [setting, url.toString()];
    });
    return { ...this.#settings, ...(Object.fromEntries(urls) as Record<string, string>) };
  }

  /** Gives rights to the shop's schema. */
  async grant(rights: string): Promise<void> {
    await this.#run(`GRANT ${rights} ON \`${this.#shop}\`.* TO ?`);
  }

  /** Takes rights to the shop's schema away. */
  async revoke(rights: string): Promise<void> {
    await this.#run(`REVOKE ${rights} ON \`${this.#shop}\`.* FROM ?`);
  }

  async grantChangelog(): Promise<void> {
    await this.#run(`GRANT ${ON_CHANGELOG} ON ${this.#changelog} TO ?`);
  }

  async revokeChangelog(): Promise<void> {
    await this.#run(`REVOKE ${ON_CHANGELOG} ON ${this.#changelog} FROM ?`);
  }

  async drop(): Promise<void> {
    await this.#run('DROP USER IF EXISTS ?');
    await this.#admin.end();
  }

  get #changelog(): string {
    return `\`${this.#shop}\`.saas_export_changelog`;
  }

  async #run(sql: string): Promise<void> {
    await this.#admin.query(sql.replace('?', `'${this.#name}'@'%'`));
  }
}

const ON_CHANGELOG = 'CREATE, DROP, INSERT, DELETE';
