// Looks every so often at what colleagues have changed and where they work: often while somebody is
// here, seldom while the page is hidden, not at all when nobody has touched it for long.

import { request, troubleOf } from "./sender.js";
import { meaningOf } from "./queue.js";
import { made } from "./words.js";

const OFTEN = 10_000; // milliseconds
const NOW_AND_THEN = 30_000;
const SELDOM = 120_000;
const ACTIVE = 2 * 60_000;
const IDLE = 15 * 60_000;

export class Following {
  constructor(root, owner) {
    Object.assign(this, { root, owner });
    this.touched = performance.now();
    this.present = document.querySelector("[data-present]");
  }

  start() {
    for (const event of ["input", "keydown", "pointerdown", "focusin"]) {
      document.addEventListener(event, () => this.touch(), { passive: true });
    }
    document.addEventListener("visibilitychange", () => this.touch());
    window.addEventListener("pageshow", ({ persisted }) => persisted && this.look());
    this.look();
  }

  // Somebody is here: look at once after a long rest.
  touch() {
    const wasIdle = this.pause() === 0 || (this.isSlow && document.visibilityState === "visible");
    this.touched = performance.now();
    if (wasIdle && this.hasStarted) this.look();
  }

  pause() {
    const rest = performance.now() - this.touched; // of no clock that can jump
    if (rest > IDLE) return 0;
    if (document.visibilityState === "hidden") return SELDOM;
    return rest < ACTIVE ? OFTEN : NOW_AND_THEN;
  }

  // Return whether the server answered.
  async look() {
    if (!this.owner.form) return this.renewToken();
    clearTimeout(this.timer);
    this.hasStarted = true;
    const answer = await request(this.address());
    if (answer.status === 200) this.take(answer.body);
    else this.fail(answer);
    const pause = this.pause();
    this.isSlow = pause === SELDOM;
    clearTimeout(this.timer);
    if (pause) this.timer = setTimeout(() => this.look(), pause);
    return answer.status === 200;
  }

  address(place = this.owner.place) {
    const { changes, account } = this.root.dataset;
    const since = this.owner.draft?.version ?? 0;
    const wanted = new URLSearchParams({ since, page: this.owner.page, account });
    if (place) wanted.set("place", place);
    return `${changes}&${wanted}`;
  }

  async renewToken() {
    const { status, body } = await request(this.address());
    if (status === 200) this.owner.sender.token = body.csrf_token;
    return status === 200;
  }

  take(body) {
    const { owner } = this;
    const { sender, draft, told } = owner;
    sender.token = body.csrf_token;
    this.root.dataset.csrf = body.csrf_token;
    owner.form.elements.csrf_token.value = body.csrf_token;
    draft.take(body);
    owner.followClashes(body);
    if (body.rows.length) told.note("rows");
    if (body.is_long) told.note("much");
    this.showPresent(body.present);
    if (sender.trouble) {
      sender.recover();
      sender.push();
    }
    owner.keeping.look().then(() => owner.keepAll());
    owner.show();
  }

  fail({ status, body }) {
    const { sender } = this.owner;
    const meaning = meaningOf(status, body?.code);
    sender.trouble = troubleOf(status, meaning);
    sender.sentence = body?.detail ? `${body.title}. ${body.detail}` : "";
    this.owner.show();
  }

  showPresent(present) {
    if (!this.present) return;
    const lines = present.map(({ told }) => made("li", "", told));
    const said = (nodes) => [...nodes].map(({ textContent }) => textContent.replace(/\s+/g, " ").trim()).join("\n");
    if (said(this.present.querySelectorAll("li")) === said(lines)) return;
    const list = made("ul", "");
    list.append(...lines);
    const title = made("p", "visually-hidden", this.owner.words.at_work);
    this.present.replaceChildren(...(lines.length ? [title, list] : []));
  }
}
