// What waits to be sent, in its order. Pure: no page, no network, no store.
//
// An entry is one operation: {id, page, order, account, locale, place, question, label, at_version,
// fields, isTried, state}; of a suggestion also `draft`, the version below it. One that may have reached the server is never changed: a newer text
// becomes a new entry, so that each id stands for one text and is carried out once.

export const MOST = 100; // operations in one request
const MOST_CHARACTERS = 500_000;

export class Queue {
  constructor(newId) {
    this.newId = newId;
    this.entries = [];
    this.order = 0;
  }

  // Take the present text of an answer; return its entry. `common`: page, place, locale, …
  note(question, fields, version, common) {
    const last = this.lastOf(question, common.page);
    if (last && !last.isTried) return Object.assign(last, { fields, text: common.text });
    this.order += 1;
    const entry = { ...common, id: this.newId(), order: this.order, question, fields };
    Object.assign(entry, { at_version: version, isTried: false, state: "waiting" });
    this.entries.push(entry);
    return entry;
  }

  // Give an entry that is kept elsewhere with an older text an id of its own.
  renew(entry) {
    this.order += 1;
    Object.assign(entry, { id: this.newId(), order: this.order });
  }

  // Take entries of a page that is gone, which come first.
  adopt(entries) {
    const known = new Set(this.entries.map(({ id }) => id));
    const fresh = entries.filter(({ id }) => !known.has(id));
    fresh.sort((a, b) => a.order - b.order);
    this.entries = [...fresh, ...this.entries];
    return fresh;
  }

  lastOf(question, page) {
    const isIt = (entry) => entry.question === question && entry.page === page;
    return this.entries.findLast(isIt);
  }

  waiting() {
    return this.entries.filter(({ state }) => state === "waiting");
  }

  ofState(state) {
    return this.entries.filter((entry) => entry.state === state);
  }

  // Return what is to be sent next: operations of one page, in their order, at most `most`.
  batch(most = MOST) {
    const waiting = this.waiting();
    const first = waiting[0];
    const found = [];
    let size = 0;
    for (const entry of waiting) {
      const isSame = entry.page === first.page && entry.locale === first.locale;
      if (!isSame || found.length === most) break;
      size += JSON.stringify(entry.fields).length;
      if (found.length && size > MOST_CHARACTERS) break;
      found.push(entry);
    }
    return found;
  }

  remove(entry) {
    this.entries = this.entries.filter((each) => each !== entry);
  }
}

// Return the body of the request that sends entries of one page.
export function bodyOf(entries) {
  const [{ page, account, locale, draft }] = entries;
  const operations = entries.map(({ id, order, place, at_version, fields }) => ({
    id, order, place, at_version, fields,
  }));
  return { page, account, locale, draft, operations };
}

// Return how long to wait before the next try, in milliseconds; never together with all others.
export function pauseAfter(failures, random = Math.random) {
  const longest = Math.min(60_000, 1000 * 2 ** Math.min(failures, 10));
  return longest / 2 + random() * (longest / 2);
}

// What an answer of the server means for what was sent.
export function meaningOf(status, code = "") {
  if (status === 200) return "done";
  if (status === 401) return "signed_out";
  if (status === 400 && code === "csrf") return "renew";
  if (status === 413 || status === 422 || status === 400) return "split";
  if ([403, 404, 405, 410].includes(status)) return "stopped";
  if (status === 409 && code !== "conflict") return "stopped";
  return "again"; // no answer, 409 conflict, 429, 5xx
}
