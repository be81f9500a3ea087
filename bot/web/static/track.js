// Which pages somebody who agreed looks at on this site. Fetched only after their yes; what it tells: docs/widget.md.
// Until they have said a first word in the chat, all of it stays in their browser.

const STRINGS = {
  ja: { withdraw: "ページの記録をやめる", withdrawn: "ページの記録をやめました。" },
  en: { withdraw: "Stop noting my pages", withdrawn: "We no longer note your pages." },
};
const MOST_KEPT = 200;
const MOST_AT_ONCE = 50; // as many as the server takes in one batch
const DOCUMENT = /\.(pdf|docx?|xlsx?|pptx?|zip)$/i;

let running = null; // ends the noting

/** `agreed` by the prospect: in the chat, or in the site's own banner, whose words are named `wording`. */
export function consent(host, base, key, agreed, wording) {
  const log = new Log(base, key);
  if (!agreed) {
    log.withdraw();
    running?.abort();
    running = null;
    host.track = () => {};
  } else if (!running) {
    running = new AbortController();
    log.begin(wording);
    watch(host, log, running.signal);
  }
}

/** What was noted and not yet told, shared by the tabs of this site. */
class Log {
  constructor(base, key) {
    this.address = new URL("api/chat/activities", base);
    this.key = key;
    this.place = `${key}:pages`;
  }

  read(place) {
    try {
      return JSON.parse(localStorage.getItem(place)) ?? {};
    } catch {
      return {}; // storage is blocked, or holds something that is not ours
    }
  }

  change(values) {
    try {
      localStorage.setItem(this.place, JSON.stringify({ ...this.read(this.place), ...values }));
    } catch {
      // Blocked or full: what this page sees is lost.
    }
  }

  get seen() {
    return this.read(this.place).seen ?? [];
  }

  begin(wording) {
    this.change(wording ? { wording } : {});
  }

  withdraw() {
    try {
      localStorage.removeItem(this.place);
    } catch {
      return;
    }
    if (this.token) this.send({ agreed: false });
  }

  /** Keep it, in place of what has the same id. */
  keep(one) {
    this.change({ seen: [...this.seen.filter(({ id }) => id !== one.id), one].slice(-MOST_KEPT) });
  }

  get token() {
    return this.read(this.key).token;
  }

  batch() {
    const { wording } = this.read(this.place);
    return { ...(wording && { wording }), seen: this.seen.slice(0, MOST_AT_ONCE) };
  }

  send(batch) {
    const body = JSON.stringify({ token: this.token, ...batch });
    return fetch(this.address, { method: "POST", body, keepalive: true, credentials: "omit" });
  }

  /** Tell what waits; what was taken, or can never be, is dropped. */
  async tell() {
    if (!this.token || !this.seen.length) return;
    const batch = this.batch();
    const answer = await this.send(batch).catch(() => null);
    // Nothing is kept any more when they took their yes back meanwhile.
    if (!answer || !this.seen.length || [409, 429].includes(answer.status) || answer.status >= 500) return;
    const told = JSON.stringify(batch.seen);
    this.change({ seen: this.seen.filter((one) => !told.includes(JSON.stringify(one))) });
  }

  /** Leaving the page: nobody waits for an answer, so what is told is kept, and told once more. Ids make it count once. */
  leave() {
    if (this.token && this.seen.length) {
      navigator.sendBeacon(this.address, JSON.stringify({ token: this.token, ...this.batch() }));
    }
  }
}

function watch(host, log, signal) {
  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(36)).join("");
  const at = () => new Date().toISOString();
  const page = (location.origin + location.pathname).slice(0, 500);
  const note = (kind, data = {}, more = {}) => log.keep({ id: newId(), kind, at: at(), page, data, ...more });

  const marked = document.querySelector("[data-bantline-page]")?.dataset.bantlinePage;
  const here = { id: newId(), kind: marked ? `${marked}_page_viewed` : "page_viewed", at: at(), page, data: whence() };
  const today = new Date().toLocaleDateString("sv");
  note("site_visited", {}, { id: `visit-${today}` });
  log.keep(here);
  log.tell();

  let since = Date.now();
  let looked = 0;
  const looks = () => {
    if (document.visibilityState === "visible") since = Date.now();
    else {
      looked += Date.now() - since;
      log.keep({ ...here, seconds: Math.min(86_400, Math.round(looked / 1000)) });
      log.leave();
    }
  };
  document.addEventListener("visibilitychange", looks, { signal });
  document.addEventListener("click", ({ target }) => clicked(target, note), { signal, capture: true });
  host.addEventListener("bantline:message", ({ detail }) => detail.from === "prospect" && log.tell(), { signal });
  host.addEventListener("bantline:open", () => offerToStop(host, signal), { signal });
  if (host.panel) offerToStop(host, signal);
  host.track = (kind, data) => {
    note(kind, data);
    log.tell();
  };
}

/** Where they came from: the campaign in the address, and the other site's name. */
function whence() {
  const campaign = [...new URLSearchParams(location.search)].filter(([name]) => /^utm_[a-z]+$/.test(name));
  const other = document.referrer && new URL(document.referrer).origin;
  const data = Object.fromEntries(campaign.slice(0, 8).map(([name, value]) => [name, value.slice(0, 200)]));
  return { ...data, ...(other && other !== location.origin && { referrer: other.slice(0, 200) }) };
}

function clicked(target, note) {
  const mark = target.closest?.("[data-bantline-track]");
  const link = target.closest?.("a[href]");
  const document = link && (link.hasAttribute("download") || DOCUMENT.test(link.pathname));
  const page = link && { page: (link.origin + link.pathname).slice(0, 500) };
  if (mark) note(mark.dataset.bantlineTrack, {}, document ? page : {});
  else if (document) note("document_requested", {}, page);
}

/** To take it back is as easy as it was to agree: one press in the menu of the chat. */
function offerToStop({ panel }, signal) {
  if (panel.menu.querySelector(".pages")) return;
  const words = STRINGS[panel.panel.lang];
  const item = panel.menuItems.stop.parentNode.cloneNode(true);
  const button = item.firstChild;
  item.className = "pages";
  button.lastChild.textContent = words.withdraw;
  button.hidden = false;
  button.onclick = () => {
    bantline.consent(false);
    panel.menuButton.click();
    panel.note(words.withdrawn);
  };
  signal.addEventListener("abort", () => item.remove());
  panel.menu.append(item);
}
