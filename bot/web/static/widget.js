// A launcher that fetches panel.js when first opened. Before that: no request, nothing stored.
(() => {
  const script = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');
  if (!script || window.bantline) return;
  const { locale, position, host, title, playbook, track } = script.dataset;
  const STRINGS = {
    ja: { open: "ご相談はこちら", resume: "ご相談の続き", failed: "ただいま接続できません。自動的に再試行しております。" },
    en: { open: "Talk with us", resume: "Continue our talk", failed: "We can't connect just now. Trying again for you." },
  };
  const language = /^ja/.test(locale || document.documentElement.lang || navigator.language) ? "ja" : "en";
  const words = STRINGS[language];
  const base = new URL(host || "..", script.src).href;
  const key = "bantline:" + base;

  const side = position === "left" ? position : "right";

  // On :host, !important beats an !important rule of the page.
  const STYLE = `:host{all:initial!important;direction:ltr!important;position:fixed!important;bottom:var(--bantline-y,20px)!important;
display:grid!important;justify-items:${side}!important;${side}:var(--bantline-x,20px)!important;z-index:var(--bantline-z,2147483000)!important;
color-scheme:var(--bantline-scheme,light dark)!important;font-family:var(--bantline-font,system-ui,sans-serif)!important}
[hidden]{display:none!important}
:host>p,:host>button{font:inherit;border:1px solid #0000;border-radius:28px;padding:15px 24px;margin:0;box-shadow:0 4px 18px #0b203040}
:host>p{max-width:16em;border-radius:12px;margin-bottom:12px;color:light-dark(#1b2b33,#e8eff2);background:light-dark(#fff,#1b262c)}
:host>button{font-weight:600;cursor:pointer;color:var(--bantline-on-accent,light-dark(#fff,#06232b));background:var(--bantline-accent,light-dark(#155e75,#6cc4d8))}
:host>button:focus-visible{outline:3px solid;outline-offset:3px}
:host>button:before{content:"";display:inline-block;width:20px;height:18px;margin:0 10px -3px 0;background:currentColor;clip-path:path("M3 0H17Q20 0 20 3V11Q20 14 17 14H9L4 18V14H3Q0 14 0 11V3Q0 0 3 0")}`;

  const remembers = (store, what = "") => {
    try {
      return window[store].getItem(key + what);
    } catch {} // blocked
  };

  class BantlineChat extends HTMLElement {
    #failures = 0;

    constructor() {
      super();
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
      const add = (tag) => this.shadowRoot.appendChild(document.createElement(tag));
      this.note = add("p");
      this.note.role = "status";
      this.note.hidden = true;
      this.launcher = add("button");
      this.note.lang = this.launcher.lang = language;
      this.launcher.onclick = (event) => this.open({ clicked: event.isTrusted });
      this.invite();
    }

    invite() {
      this.launcher.textContent = remembers("localStorage") ? words.resume : words.open;
    }

    async open(how) {
      clearTimeout(this.retry);
      try {
        // A failed module is remembered: ask under a new address.
        const { Panel } = await import(new URL(this.#failures ? "panel.js?" + this.#failures : "panel.js", script.src));
        this.panel ??= new Panel(this, { base, key, language, position, title, playbook, tracks: track != null });
        this.note.hidden = true;
        this.panel.open(how);
      } catch {
        this.note.textContent = words.failed;
        this.note.hidden = false;
        this.retry = setTimeout(() => this.open(how), Math.min(1e3 * 2 ** this.#failures++, 6e4));
      }
    }

    close() {
      this.panel?.close();
    }

    async consent(...how) {
      (await import(new URL("track.js", script.src))).consent(this, base, key, ...how);
    }

    track() {}

    on(event, listener) {
      this.addEventListener("bantline:" + event, ({ detail }) => listener(detail));
    }
  }

  customElements.define("bantline-chat", BantlineChat);
  const chat = (window.bantline = new BantlineChat());
  // Outlives a page that swaps its body.
  document.documentElement.append(chat);
  if (remembers("localStorage", ":pages")) chat.consent(true);
  // Open before a reload. A phone's screen stays free.
  if (remembers("sessionStorage") && innerWidth > 480) chat.open({ quiet: true });
})();
