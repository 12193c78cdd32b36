// The part of saving that lasts: what waits is put into the store of this browser, and what pages
// that are gone have left there is taken over.

import { Store, canKeep, fetchKey, holdPage, inherit } from "./store.js";

const LOOK_AGAIN = 15_000; // milliseconds, in this browser alone

export class Keeping {
  // owner: adopt(entries), changed()
  constructor(root, page, owner) {
    const { account, saving, key } = root.dataset;
    Object.assign(this, { page, owner, account, address: key, scope: `${account}/${saving}` });
    this.store = null;
    this.canKeep = canKeep();
    this.kept = new WeakMap(); // entry: its text as it is in the store
    this.lost = []; // ids of what cannot be read any more
    this.waitsFor = new Set([page]);
  }

  async start() {
    if (!this.canKeep) return;
    await holdPage(this.page);
    await this.open();
  }

  // Get the key and open the store; where there is no answer now, the next look tries again.
  async open() {
    try {
      const { account, key } = await fetchKey(this.address);
      if (account !== this.account) return; // somebody else is signed in: nothing is theirs to see
      if (this.store) this.store.key = key;
      else this.store = await Store.open(this.scope, key);
      this.isBroken = false;
    } catch (error) {
      this.isBroken = Number(error.message) === 404 || error.name === "SecurityError";
    }
    this.canKeep = !this.isBroken;
  }

  async keep(entry) {
    if (!this.store) return;
    const text = JSON.stringify(entry);
    try {
      await this.store.put(entry);
      this.kept.set(entry, text);
      this.isBroken = false;
    } catch {
      this.isBroken = true; // no room: the page says so
      this.owner.changed();
    }
  }

  async forget({ id }) {
    await this.store?.remove(id).catch(() => {});
  }

  isReady() {
    return Boolean(this.store) && !this.isBroken;
  }

  isKept(entry) {
    return this.kept.get(entry) === JSON.stringify(entry);
  }

  // Tell whether an older text waits under the same id, which another page may send.
  isOutdated(entry) {
    return this.kept.has(entry) && !this.isKept(entry);
  }

  // Take over what pages left that are gone; of those that live, once they are gone.
  async look() {
    if (!this.store && this.canKeep) await this.open();
    if (!this.store) return;
    for (const page of await this.store.pages().catch(() => [])) {
      if (this.waitsFor.has(page)) continue;
      this.waitsFor.add(page);
      inherit(page, () => this.takeOver(page)).catch(() => this.waitsFor.delete(page));
    }
  }

  // For a page where nothing is typed: where no key came, and what other pages leave meanwhile.
  watch() {
    const look = () => document.visibilityState === "visible" && this.look();
    document.addEventListener("visibilitychange", look);
    window.addEventListener("pageshow", ({ persisted }) => persisted && look());
    setInterval(look, LOOK_AGAIN);
  }

  async takeOver(page) {
    let { entries, unreadable } = await this.store.of(page);
    if (unreadable.length) {
      await this.open(); // the server has the last word on the key
      ({ entries, unreadable } = await this.store.of(page));
    }
    if (unreadable.length && !this.isBroken) this.lost.push(...unreadable);
    for (const entry of entries) this.kept.set(entry, JSON.stringify(entry));
    this.owner.adopt(entries);
    return entries.length + unreadable.length > 0;
  }

  async forgetLost() {
    await Promise.all(this.lost.splice(0).map((id) => this.forget({ id })));
    this.owner.changed();
  }

  // After signing in again: the key may be another, so what waits is kept anew.
  async renew(entries) {
    if (!canKeep()) return;
    await this.open();
    await Promise.all(entries.map((entry) => this.keep(entry)));
  }
}
