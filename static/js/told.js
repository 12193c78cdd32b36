// What the page says about saving: one line, what can be done, and what is not saved yet. It moves no
// focus, and reads out only what changes for the reader.

import { filled, made } from "./words.js";

const TROUBLES = { offline: "offline", unreachable: "unreachable", signed_out: "signed_out" };

export class Told {
  // owner: forget(entries), placeOf(entry)
  constructor(root, words, owner) {
    Object.assign(this, { root, words, owner });
    this.locale = document.documentElement.lang;
    this.line = root.querySelector("[data-line]");
    this.more = root.querySelector("[data-more]");
    this.announced = root.querySelector("[data-announced]");
    this.alarm = root.querySelector("[data-alarm]");
    this.notes = new Map();
    this.kind = "";
  }

  // state: {entries, trouble, sentence, savedAt, isKept, canKeep, lost, isForm}
  show(state) {
    this.line.textContent = this.lineOf(state);
    this.root.dataset.state = kindOf(state);
    this.root.hidden = !state.isForm && !state.entries.length && !state.lost;
    this.offer(state);
    this.announce(state);
  }

  lineOf(state) {
    const { words, locale } = this;
    const { trouble, sentence, savedAt, entries, isKept } = state;
    const waiting = countOf(entries, "waiting", "refused");
    const clashes = countOf(entries, "clash");
    const parts = [];
    if (waiting) parts.push(counted(words.waiting, waiting, locale));
    if (trouble) parts.push(TROUBLES[trouble] ? words[TROUBLES[trouble]] : sentence);
    if (waiting && (trouble || !isKept)) parts.push(isKept ? words.kept : words.not_kept);
    if (clashes) parts.push(counted(words.clashes, clashes, locale));
    if (!parts.length && savedAt) parts.push(filled(words.saved, { time: timeOf(savedAt, locale) }));
    if (!parts.length) parts.push(state.canKeep ? words.automatic : words.server_only);
    return parts.join(" ");
  }

  announce(state) {
    const kind = kindOf(state);
    if (kind === this.kind) return;
    const hadTrouble = this.kind && this.kind !== "well";
    this.kind = kind;
    const slot = kind === "signed_out" || kind === "stopped" ? this.alarm : this.announced;
    if (kind !== "well") slot.textContent = this.line.textContent;
    else if (hadTrouble) {
      this.say(filled(this.words.again, { time: timeOf(state.savedAt ?? new Date(), this.locale) }));
      this.alarm.textContent = "";
    }
  }

  say(text) {
    this.announced.textContent = text;
  }

  // Tell something that stays until the page is shown anew.
  note(key) {
    if (this.notes.has(key)) return;
    this.notes.set(key, this.words[key]);
    this.say(this.words[key]);
  }

  // Rebuild what can be done only when it is something else, so that focus and reading stay.
  offer(state) {
    const shown = state.trouble ? state.entries : state.entries.filter((each) => each.state === "refused");
    const texts = shown.filter((each) => each.state !== "clash").map(({ id, label, text }) => [id, label, text]);
    const clashes = state.entries.filter((each) => each.state === "clash");
    const now = JSON.stringify([texts, clashes.map(({ id }) => id), state.trouble, state.lost, [...this.notes]]);
    if (now === this.offered) return;
    this.offered = now;
    const isOpen = this.more.querySelector("details")?.open ?? false;
    const offers = [...this.notes].map(([key, text]) => this.noteOf(key, text));
    if (state.trouble === "signed_out") offers.push(this.signIn());
    if (state.lost) offers.push(this.lostOf(state.lost));
    offers.push(...clashes.slice(0, 1).map((entry) => this.linkTo(entry)));
    if (shown.length) offers.push(this.listOf(shown, state, isOpen));
    this.more.replaceChildren(...offers.filter(Boolean));
  }

  noteOf(key, text) {
    const note = made("p", "", `${text} `);
    if (key !== "is_open_again") note.append(this.link(location.href.split("#")[0], this.words.anew));
    return note;
  }

  link(address, text) {
    return Object.assign(made("a", "", text), { href: address });
  }

  signIn() {
    const line = made("p", "actions");
    const back = encodeURIComponent(location.pathname + location.search);
    const beside = this.link(this.root.dataset.signIn, this.words.sign_in_beside);
    beside.target = "_blank";
    line.append(this.link(`${this.root.dataset.signIn}?next=${back}`, this.words.sign_in), beside);
    return line;
  }

  lostOf(count) {
    const { words, locale } = this;
    const note = made("p", "", `${counted(words.lost, count, locale)} ${words.why_lost} `);
    note.append(this.button(words.understood, () => this.owner.forgetLost()));
    return note;
  }

  linkTo(entry) {
    const line = made("p", "");
    line.append(this.link(this.owner.placeOf(entry), this.words.show_clashes), ` ${entry.label}`);
    return line;
  }

  listOf(shown, { trouble }, isOpen) {
    const { words } = this;
    const details = made("details", "");
    details.open = isOpen;
    details.append(made("summary", "", words.show), ...shown.map((entry) => this.itemOf(entry)));
    const all = shown.map(({ label, text }) => `${label}\n${text}`).join("\n\n");
    const line = made("p", "actions");
    line.append(this.button(words.copy, () => this.copy(details, all)));
    if (trouble === "stopped" || shown.every((entry) => entry.state === "refused")) {
      const forget = () => confirm(words.forget_really) && this.owner.forget(shown);
      line.append(this.button(words.forget, forget));
    }
    details.append(line);
    return details;
  }

  itemOf({ label, text, sentence, state }) {
    const item = made("label", "saving-item", label);
    if (state === "refused") item.append(made("span", "soft", this.words[sentence] ?? sentence));
    const box = Object.assign(made("textarea", ""), { readOnly: true, rows: 2, value: text, dir: "auto" });
    item.append(box);
    return item;
  }

  async copy(details, text) {
    try {
      await navigator.clipboard.writeText(text);
      this.say(this.words.copied);
    } catch {
      details.querySelector("textarea").select(); // as far as this browser lets a page help
    }
  }

  button(text, act) {
    const button = made("button", "button button-secondary button-small", text);
    button.type = "button";
    button.addEventListener("click", act);
    return button;
  }
}

// Return a text with a number, in the plural of the language.
function counted(texts, count, locale) {
  const text = texts[new Intl.PluralRules(locale).select(count)] ?? texts.other;
  return filled(text, { count: new Intl.NumberFormat(locale, { numberingSystem: "latn" }).format(count) });
}

// Return the time of a moment where the reader is; with the day, if that is not today.
function timeOf(moment, locale, today = new Date()) {
  const at = new Date(moment);
  const how = { hour: "2-digit", minute: "2-digit", numberingSystem: "latn", hourCycle: "h23" };
  const isToday = at.toDateString() === today.toDateString();
  return new Intl.DateTimeFormat(locale, isToday ? how : { ...how, day: "numeric", month: "long" }).format(at);
}

// Return how many answers wait: two texts of one answer are one.
function countOf(entries, ...states) {
  const found = entries.filter(({ state }) => states.includes(state));
  return new Set(found.map(({ place, question }) => `${place} ${question}`)).size;
}

function kindOf({ trouble, entries, lost }) {
  if (trouble) return trouble;
  if (lost) return "lost";
  if (entries.some(({ state }) => state === "refused")) return "refused";
  return entries.some(({ state }) => state === "clash") ? "clash" : "well";
}
