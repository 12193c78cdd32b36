// Keeps what waits in this browser: encrypted with the key that the server hands out to its owner,
// so that on a shared computer nobody else reads or sends it. Each page holds a lock of its name
// while it lives; what it leaves behind belongs to the page that gets the lock next.

const NAME = "canopy";
const KIND = "waiting";

export const canKeep = () =>
  Boolean(globalThis.isSecureContext && globalThis.indexedDB && globalThis.crypto?.subtle && navigator.locks);

// Return the key that the server hands out, and whose it is; throw where it does not.
export async function fetchKey(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "error" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const { account, key } = await answer.json();
  const raw = Uint8Array.from(atob(key), (letter) => letter.charCodeAt(0));
  return { account, key: await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]) };
}

export function holdPage(page) {
  return new Promise((resolve) => {
    navigator.locks.request(`canopy-page-${page}`, () => {
      resolve();
      return new Promise(() => {});
    });
  });
}

// Call `take` once no other page holds this one's name: at once, or when that page is gone.
// It stays ours where `take` returns true. Rejects where it throws.
export function inherit(page, take) {
  return navigator.locks.request(`canopy-page-${page}`, async () => {
    if (await take()) await new Promise(() => {});
  });
}

export class Store {
  constructor(database, scope, key) {
    Object.assign(this, { database, scope, key });
  }

  static async open(scope, key) {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(KIND, { keyPath: "id" }).createIndex("scope", "scope");
    };
    return new Store(await done(request), scope, key);
  }

  async put(entry) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const row = { id: entry.id, scope: this.scope, page: entry.page, iv };
    const text = new TextEncoder().encode(JSON.stringify(entry));
    row.data = await crypto.subtle.encrypt(this.how(row), this.key, text);
    await this.write((rows) => rows.put(row));
  }

  async remove(id) {
    await this.write((rows) => rows.delete(id));
  }

  // Return the names of the pages of which something waits.
  async pages() {
    return new Set((await this.rows()).map(({ page }) => page));
  }

  // Return what waits of a page, and the ids of what cannot be read with the present key.
  async of(page) {
    const entries = [];
    const unreadable = [];
    for (const row of (await this.rows()).filter((each) => each.page === page)) {
      const text = await crypto.subtle.decrypt(this.how(row), this.key, row.data).catch(() => null);
      if (text) entries.push(JSON.parse(new TextDecoder().decode(text)));
      else unreadable.push(row.id);
    }
    return { entries, unreadable };
  }

  rows() {
    return done(this.database.transaction(KIND).objectStore(KIND).index("scope").getAll(this.scope));
  }

  // What is encrypted is bound to whose it is, so that it cannot be passed off as another's.
  how({ id, scope, page, iv }) {
    return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(`${scope} ${page} ${id}`) };
  }

  write(change) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(KIND, "readwrite", { durability: "strict" });
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
      change(transaction.objectStore(KIND));
    });
  }
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}
