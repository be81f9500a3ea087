// Memory keeps, Talk speaks with the server, Panel shows (docs/widget.md).
// Every text reaches the page as text, never as markup.

const STRINGS = {
  ja: {
    title: "ご相談窓口",
    disclosure: "自動応答（ボット）が承ります",
    menu: "メニュー",
    close: "閉じる",
    person: "担当者と話す",
    personSaid: "担当者と話したいです",
    save: "会話の記録を保存",
    stop: "ここで終了する",
    nobody: "まだ連絡がない",
    anew: "新しく相談する",
    erase: "この会話を消去する",
    eraseSure: "この会話とお預かりした内容をすべて消去します。元には戻せません。",
    erased: "消去いたしました。",
    conversation: "会話",
    choices: "回答の選択肢",
    write: "メッセージを入力",
    orWrite: "ご自由にご入力いただけます",
    send: "送信",
    newer: "続きを見る",
    bot: "ボット",
    rep: "担当者",
    withYou: "担当の{name}が承っております",
    prospect: "お客様",
    typing: "入力中です",
    progress: "進み具合",
    step: "質問 {n} / {of}",
    need: "お困りごと",
    timeframe: "導入時期",
    authority: "ご検討のお立場",
    budget: "ご予算",
    company: "会社名",
    contact: "ご連絡先",
    confirming: "内容のご確認",
    handed_over: "担当者が対応いたします",
    completed: "追加のご連絡はこちらへ",
    declined: "このチャットは終了いたしました。",
    waiting: "送信待ち",
    unreachable: "ただいま接続できません。つながり次第、自動的に再開いたします。",
    busy: "ただいま混み合っております。まもなく、自動的に再開いたします。",
    retry: "今すぐ再試行",
    tooLong: "恐れ入りますが、4,000文字以内に分けてお送りください。",
    full: "恐れ入りますが、このチャットではこれ以上お送りいただけません。これまでの内容は担当者が拝見いたします。",
    refused: "恐れ入りますが、完了できませんでした。しばらくしてから、もう一度お試しください。",
    renewed: "前回の会話の保存期間が過ぎたため、新しく始めました。",
    saved: "会話の記録を保存しました。",
  },
  en: {
    title: "How can we help?",
    disclosure: "You're chatting with a bot",
    menu: "Menu",
    close: "Close",
    person: "Talk to a person",
    personSaid: "I'd like to talk to a person",
    save: "Save a copy",
    stop: "Stop here",
    nobody: "Nobody contacted me",
    anew: "Start a new talk",
    erase: "Delete this talk",
    eraseSure: "This deletes the talk and what we noted from it, for good.",
    erased: "It has been deleted.",
    conversation: "Conversation",
    choices: "Suggested answers",
    write: "Write a message",
    orWrite: "Or use your own words",
    send: "Send",
    newer: "See more",
    bot: "Bot",
    rep: "Our colleague",
    withYou: "You're talking with {name}",
    prospect: "You",
    typing: "Typing",
    progress: "Progress",
    step: "Question {n} of {of}",
    need: "Your need",
    timeframe: "Timing",
    authority: "Your role",
    budget: "Budget",
    company: "Company",
    contact: "How to reach you",
    confirming: "Please check",
    handed_over: "A colleague will take it from here",
    completed: "Anything to add?",
    declined: "This chat has ended.",
    waiting: "Waiting to be sent",
    unreachable: "We can't connect just now. We'll carry on as soon as we're back.",
    busy: "We're rather busy just now. We'll carry on as soon as we can.",
    retry: "Try now",
    tooLong: "Sorry, that's a bit long. Please send it in parts of up to 4,000 characters.",
    full: "This chat can't hold any more. A colleague will read what you've told us.",
    refused: "Sorry, that didn't work. Please wait a moment and try once more.",
    renewed: "Your earlier talk is no longer kept, so we've started a new one.",
    saved: "Your conversation has been saved.",
  },
};

const QUESTIONS = ["need", "timeframe", "authority", "budget", "company", "contact"];
const OVER = ["completed", "declined", "abandoned", "erased"];
const LONGEST_MESSAGE = 4000;
const LONGEST_ADDRESS = 2000;
const PATIENCE = 15_000;
const LONGEST_PAUSE = 30_000;
const DRAFT = ":draft";
const HEARTBEAT = 10_000; // a longer gap between two means the machine slept

/** Storage may be blocked or full, or hold what is not ours. */
function quietly(act) {
  try {
    return act();
  } catch {}
}

/** Token and unsent messages of this site, shared by its tabs; in this page only until `allow()`. */
class Memory {
  #key;
  #held = { token: null, unsent: [] };
  #allowed;

  constructor(key) {
    this.#key = key;
    this.#allowed = !!this.#stored;
  }

  get #stored() {
    return quietly(() => JSON.parse(localStorage.getItem(this.#key)));
  }

  get now() {
    return (this.#allowed && this.#stored) || this.#held;
  }

  change(values) {
    this.#held = { ...this.now, ...values };
    if (this.#allowed) this.#keep();
  }

  forget() {
    this.change({ token: null, unsent: [] });
  }

  /** The person has clicked: from now on the talk may outlive this page. */
  allow() {
    if (this.#allowed) return;
    this.#allowed = true;
    if (this.#held.token) this.#keep();
    this.keepHere("", "open");
  }

  #keep() {
    quietly(() => localStorage.setItem(this.#key, JSON.stringify(this.#held)));
  }

  /** For this tab alone: whether the panel is open (""), what is half written (DRAFT). */
  keepHere(what, value) {
    const name = this.#key + what;
    if (this.#allowed) quietly(() => (value ? sessionStorage.setItem(name, value) : sessionStorage.removeItem(name)));
  }

  get draft() {
    return quietly(() => sessionStorage.getItem(this.#key + DRAFT)) ?? "";
  }
}

/** Why the server took nothing; only `unreachable` and `busy` pass by themselves. */
class Trouble extends Error {
  constructor(kind, pause = 0) {
    super(kind);
    Object.assign(this, { kind, pause });
  }
}

const TROUBLE = { 401: "gone", 409: "full", 413: "tooLong", 422: "tooLong", 429: "busy", 503: "busy" };
const UNSENDABLE = ["full", "tooLong", "refused"];

const newId = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("");

/** So that two tabs neither start twice nor send twice at once. */
async function oneTabAtATime(name, work) {
  let begun = false;
  const once = () => ((begun = true), work());
  try {
    return await (navigator.locks ? navigator.locks.request(name, { signal: AbortSignal.timeout(4000) }, once) : once());
  } catch (problem) {
    if (begun) throw problem;
    return work(); // a frozen tab holds the lock; ids make it harmless
  }
}

class Talk {
  messages = new Map(); // seq -> message
  state = null;
  question = null;
  person = null; // who of the firm talks with the prospect now
  typing = false; // a line of theirs is on its way
  hears = false;
  trouble = null; // what stands in the way, and
  notice = null; // what to say once
  busy = false;
  #config;
  #memory;
  #on;
  #token = null;
  #stale = false;
  #again = false;
  #failures = 0;
  #waiting;
  #notBefore = 0; // the server asked us not to come earlier
  #otherTabs;
  #ear = null;
  #pushed = []; // came while a message was on its way

  /** `on.returned(text)` gives unsendable words back, `on.event(name, detail)` tells the page. */
  constructor(config, memory, on) {
    this.#config = config;
    this.language = config.language;
    this.#memory = memory;
    this.#on = on;
    this.#otherTabs = new BroadcastChannel(config.key);
    this.#otherTabs.onmessage = () => this.sync();
  }

  get unsent() {
    return this.#memory.now.unsent;
  }

  get last() {
    return Math.max(0, ...this.messages.keys());
  }

  /** The choices still open: those under what they said last, while nothing is on its way. */
  get choices() {
    if (this.unsent.length || this.person) return [];
    const said = [...this.messages.values()];
    const since = said.slice(said.findLastIndex(({ from }) => from === "prospect") + 1);
    return since.findLast(({ choices }) => choices?.length)?.choices ?? [];
  }

  get over() {
    return OVER.includes(this.state) && !this.unsent.length;
  }

  /** Nothing more can be said. Every other end leaves the door open. */
  get closed() {
    return ["declined", "erased"].includes(this.state) && !this.unsent.length;
  }

  say(words, choice) {
    const text = words.toWellFormed();
    const message = { id: newId(), text, ...(choice !== undefined && { choice }) };
    this.#memory.change({ unsent: [...this.unsent, message] });
    this.notice = null;
    this.#work();
  }

  sync() {
    this.#stale = true;
    this.#work();
  }

  anew() {
    this.#memory.forget();
    this.#turnTo(null);
    this.notice = null;
    this.#work();
  }

  async #work() {
    this.#again = true;
    if (this.busy || Date.now() < this.#notBefore) return this.#on.changed();
    clearTimeout(this.#waiting);
    this.busy = true;
    this.#on.changed();
    try {
      while (this.#again) {
        this.#again = false;
        await oneTabAtATime(this.#config.key, () => this.#catchUp());
      }
      this.trouble = null;
      this.#failures = 0;
    } catch (problem) {
      if (!(problem instanceof Trouble)) throw problem;
      this.#again = false;
      this.#wait(problem);
    } finally {
      this.busy = false;
      this.#pushed.splice(0).forEach((talk) => this.#take(talk));
      this.#on.changed();
    }
  }

  /** While somebody looks; one tab tells the others. */
  listen(wanted) {
    if (!wanted) {
      this.#ear?.abort();
      this.#ear = null;
    }
    if (!wanted || this.#ear || !this.#token) return;
    const ear = (this.#ear = new AbortController());
    const { signal } = ear;
    const hear = () => this.#hear(signal);
    const again = () => {
      if (this.#ear !== ear) return;
      this.#ear = null;
      this.listen(true);
    };
    const listening = navigator.locks ? navigator.locks.request(`${this.#config.key}:ear`, { signal }, hear) : hear();
    listening.catch(() => {}).then(() => setTimeout(again, 3000 * (1 + Math.random())));
  }

  async #hear(signal) {
    try {
      const response = await this.#fetch(`events?after=${this.last}`, { signal });
      const reader = response.ok && response.body.pipeThrough(new TextDecoderStream()).getReader();
      this.hears = response.ok;
      if (response.status === 401) this.sync(); // erased elsewhere
      for (let text = "", part; reader && !(part = await reader.read()).done; ) {
        const events = (text + part.value).split("\n\n");
        text = events.pop();
        for (const event of events) {
          const data = /^data: ?(.+)/m.exec(event);
          if (data) this.#push(JSON.parse(data[1]));
        }
      }
    } finally {
      this.hears = false;
    }
  }

  #push(talk) {
    if (talk.messages.some(({ seq }) => !this.messages.has(seq))) this.#otherTabs.postMessage(talk.state);
    if (this.busy) this.#pushed.push(talk); // or it would stand there twice
    else this.#take(talk);
  }

  #wait({ kind, pause }) {
    this.trouble = kind === "busy" ? kind : "unreachable";
    this.#notBefore = Date.now() + pause;
    const growing = Math.min(LONGEST_PAUSE, 1000 * 2 ** this.#failures++);
    this.#waiting = setTimeout(() => this.#work(), Math.max(pause, growing) + Math.random() * 1000);
    this.#on.event("error", { error: kind });
  }

  async erase() {
    await this.#ask("DELETE", "../chat");
    this.#memory.forget();
    this.#erased();
  }

  #erased() {
    this.#turnTo(null);
    this.state = "erased";
    this.#on.tracking(false);
  }

  async #catchUp() {
    const { token } = this.#memory.now;
    if (token !== this.#token) token ? this.#turnTo(token) : this.#erased(); // by another tab
    if (this.state === "erased") return;
    try {
      if (!this.#token) await this.#start();
      else if (!this.messages.size) await this.#pull(0);
      while (this.unsent.length) await this.#send(this.unsent[0]);
      if (this.#stale) await this.#pull(this.last);
    } catch (problem) {
      if (problem.kind !== "gone" || !this.#token) throw problem;
      this.#startOver();
    }
  }

  #turnTo(token) {
    this.listen(false);
    this.#token = token;
    this.messages = new Map();
    this.#pushed = [];
    this.state = this.question = this.person = this.typing = null;
  }

  /** The server forgot the talk: unsent words would answer a wrong question. */
  #startOver() {
    const written = this.unsent.filter((message) => message.choice === undefined).map((message) => message.text);
    this.#memory.forget();
    this.#turnTo(null);
    this.notice = "renewed";
    this.#again = true;
    if (written.length) this.#on.returned(written.join("\n"));
  }

  async #start() {
    const { playbook, tracks } = this.#config;
    // Intl asks a slow phone for 100 ms.
    const zone = window.Temporal?.Now.timeZoneId() ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
    const [url, referrer] = [location.href.split("#")[0], document.referrer].map((address) => address.slice(0, LONGEST_ADDRESS));
    const page = { url, referrer };
    const answer = await this.#ask("POST", "sessions", { locale: this.language, page, playbook, zone, tracks });
    this.#memory.change({ token: answer.token });
    this.#token = answer.token;
    this.#stale = false;
    this.#take(answer);
  }

  async #pull(after) {
    this.#stale = false;
    this.#take(await this.#ask("GET", `messages?after=${after}`));
  }

  async #send(message) {
    const { id, text, choice } = message;
    const known = this.last;
    try {
      const answer = await this.#ask("POST", "messages", choice === undefined ? { id, text } : { id, choice });
      this.#sent(id);
      this.#take(answer);
      if (!(answer.messages[0]?.seq <= known + 1)) await this.#pull(known);
      this.#otherTabs.postMessage(id);
    } catch (problem) {
      if (!UNSENDABLE.includes(problem.kind)) throw problem;
      this.#sent(id);
      this.notice = problem.kind;
      this.#stale = true;
      if (choice === undefined) this.#on.returned(text);
    }
  }

  #sent(id) {
    this.#memory.change({ unsent: this.unsent.filter((message) => message.id !== id) });
  }

  #take({ messages, language, state, question, person, typing, tracking }) {
    if (this.state === "erased") return; // was on its way
    const newest = messages.at(-1)?.seq ?? Infinity;
    for (const message of messages) {
      if (this.messages.has(message.seq)) continue;
      this.messages.set(message.seq, message);
      this.#on.event("message", { seq: message.seq, from: message.from });
    }
    this.messages = new Map([...this.messages].sort(([one], [other]) => one - other));
    // Of a repeated answer the messages count, its older state does not.
    if (newest >= this.last) {
      const moved = state !== this.state || question !== this.question;
      Object.assign(this, { language, state, question, person, typing });
      if (moved) this.#on.event("state", { state, question });
      this.#on.tracking(tracking);
    }
    this.#on.changed();
  }

  async #ask(method, path, body, read = "json") {
    let response;
    try {
      response = await this.#fetch(path, {
        method,
        headers: { "Content-Type": "application/json", Accept: "text/plain" },
        body: body && JSON.stringify(body),
        keepalive: method === "POST", // a message sent while leaving the page still arrives
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (response.ok) return response.status === 204 ? null : await response[read]();
    } catch {
      throw new Trouble("unreachable");
    }
    const pause = 1000 * (Number(response.headers.get("Retry-After")) || 0);
    throw new Trouble(TROUBLE[response.status] ?? (response.status >= 500 ? "unreachable" : "refused"), pause);
  }

  export() {
    return this.#ask("GET", "export", undefined, "blob");
  }

  #fetch(path, { headers, ...how }) {
    const token = this.#token && { Authorization: `Bearer ${this.#token}` };
    const address = new URL(`api/chat/${path}`, this.#config.base);
    return fetch(address, { cache: "no-store", credentials: "omit", headers: { ...token, ...headers }, ...how });
  }
}

const STYLE = `
*{box-sizing:border-box;margin:0}
.panel{
--accent:var(--bantline-accent,light-dark(#155e75,#6cc4d8));--on-accent:var(--bantline-on-accent,light-dark(#fff,#06232b));
--surface:var(--bantline-surface,light-dark(#fff,#172127));--ground:var(--bantline-ground,light-dark(#f5f8f9,#10181d));
--ink:var(--bantline-ink,light-dark(#1b2b33,#e8eff2));--quiet:light-dark(#50636c,#a3b5bd);--line:light-dark(#dbe4e8,#2c3a41);--edge:light-dark(#8a9ba4,#61747d);
--mine:light-dark(oklch(from var(--accent) .935 .027 h),oklch(from var(--accent) .37 .05 h));--radius:var(--bantline-radius,18px);
position:fixed;bottom:var(--bantline-y,20px);right:var(--bantline-x,20px);width:392px;height:min(680px,100dvh - 40px);
display:flex;flex-direction:column;overflow:hidden;color:var(--ink);background:var(--ground);border:1px solid var(--line);
border-radius:var(--radius);box-shadow:0 10px 30px #0b203033;line-height:1.65;overflow-wrap:anywhere;
container:panel/size;outline:none;text-align:start;font-size:.9375em}
.panel.left{right:auto;left:var(--bantline-x,20px)}
button,textarea{font:inherit;color:inherit;letter-spacing:inherit}
:where(.panel) button{cursor:pointer;min-height:44px;padding:5px 15px;border:1px solid;border-radius:22px;background:none;line-height:1.45}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
[aria-expanded] svg{stroke-width:3.4}
svg{display:block;width:20px;height:20px;fill:none;stroke:currentColor;stroke-width:1.9;stroke-linecap:round;stroke-linejoin:round}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}

.head{display:flex;align-items:center;gap:12px;padding:14px 10px 14px 16px;background:var(--surface)}
.mark,.icon,.newer{display:grid;place-items:center;flex:none;padding:0;border-radius:50%}
.mark{width:38px;height:38px;font-weight:650;color:var(--on-accent);background:var(--accent)}
.name{flex:1;min-width:0}
h2{font-size:1.067em;font-weight:650;line-height:1.4}
.disclosure,.progress,.who,.fate,dt{font-size:.8em;line-height:1.5;color:var(--quiet)}
.icon{width:44px;border:0;border-radius:14px;color:var(--quiet)}
.icon:hover{color:var(--ink);background:var(--ground)}
.menu{position:absolute;z-index:2;top:62px;right:12px;min-width:220px;padding:6px;list-style:none;background:var(--surface);
border:1px solid var(--line);border-radius:14px;box-shadow:0 10px 30px #0b203033}
.menu button{display:flex;align-items:center;gap:12px;width:100%;padding:6px 12px;border:0;border-radius:9px;text-align:start}
.menu button:hover,.ended button:hover{background:var(--ground)}
.menu svg{color:var(--quiet)}

.progress{padding:0 16px 12px;background:var(--surface)}
.progress p{display:flex;justify-content:space-between;gap:12px;padding-bottom:6px}
.steps{display:flex;gap:4px}
.steps i{flex:1;height:4px;border-radius:2px;background:var(--line)}
.steps .done{background:var(--accent)}
.steps .here{background:color-mix(in oklab,var(--accent) 50%,var(--surface))}

.log{position:relative;display:flex;flex-direction:column;flex:1;min-height:0;overflow-y:auto;overscroll-behavior:contain;padding:16px;border-top:1px solid var(--line);outline-offset:-3px}
.log ol{display:flex;flex-direction:column;gap:8px;padding:0;list-style:none}
.log li{display:flex;flex-direction:column;align-items:flex-start;max-width:92%}
.log .prospect{align-self:flex-end;align-items:flex-end;margin-block:6px}
.log>:first-child{margin-top:auto}
.unsent{margin-top:8px}
.panel:lang(ja){word-break:auto-phrase}
.bubble,dd,textarea{unicode-bidi:plaintext}
.bubble{padding:9px 14px;white-space:pre-wrap;background:var(--surface);border:1px solid var(--line);border-radius:4px 16px 16px 16px}
.prospect .bubble{background:var(--mine);border-color:transparent;border-radius:16px 16px 4px 16px}
.rep .bubble{border-color:var(--accent)}
.who,.fate{padding-inline:2px}
.rep+.rep .who{display:none}
.card{width:100%;max-width:100%!important}
.card .bubble{width:100%;padding:14px 16px}
dl{margin:10px 0 2px;border-top:1px solid var(--line)}
dl div{display:flex;flex-wrap:wrap;gap:0 12px;padding:7px 0;border-bottom:1px solid var(--line)}
dl div:last-child{padding-bottom:0;border-bottom:0}
dt{flex:none;min-width:30%;line-height:2}
dd{flex:1;max-width:100%;font-weight:600;white-space:pre-wrap;overflow-wrap:break-word}
dd span{display:inline-block;max-width:100%}
dl+p:not(:empty){padding-top:10px}
.choices{display:flex;flex-wrap:wrap;gap:7px;max-height:40cqh;padding:4px 16px 14px;overflow-y:auto;background:var(--ground)}
.choices button{color:var(--accent);background:var(--surface);text-align:start}
.choices :is(:hover,.first){color:var(--on-accent);background:var(--accent);border-color:transparent}
.first:hover,.send:hover{filter:brightness(1.1)}
.typing{display:flex;gap:5px;width:max-content;margin-top:10px;padding:14px}
i{forced-color-adjust:none}
.typing i{width:7px;height:7px;border-radius:50%;background:var(--quiet);opacity:.6}

.newer{position:absolute;right:14px;bottom:calc(100% + 10px);width:44px;border-color:var(--line);color:var(--accent);background:var(--surface);box-shadow:0 10px 30px #0b203033}
.below{position:relative}
.foot{background:var(--surface);border-top:1px solid var(--line);padding-bottom:max(10px,env(safe-area-inset-bottom))}
.notice,.question{display:flex;flex-wrap:wrap;align-items:center;gap:12px;padding:10px 16px;font-size:.867em;line-height:1.55;color:light-dark(#5b3d05,#f3d9a4);background:light-dark(#fdf3dc,#33290f)}
.notice.good{color:var(--ink);background:var(--mine)}
.foot span{flex:15em;white-space:pre-line}
.question span{flex:100%}
a{color:inherit}
form{display:flex;align-items:flex-end;gap:8px;padding:10px 10px 0}
textarea{flex:1;min-width:0;height:46px;max-height:132px;padding:10px 14px;resize:none;word-break:normal;border:1px solid var(--edge);border-radius:14px;
font-size:max(16px,1em);line-height:1.5;background:var(--ground)}
textarea::placeholder{color:var(--quiet);opacity:1}
textarea:focus-visible{outline-offset:-1px}
.send{width:46px;height:46px;color:var(--on-accent)!important;background:var(--accent)!important}
.ended{display:flex;flex-wrap:wrap;gap:8px;padding:12px 16px 2px}
.ended p{width:100%;color:var(--quiet)}
.ended button{flex:1;border-color:var(--edge)}

@container panel (width < 23em){.mark{display:none}}
@container panel (height < 440px){.mark{display:none}.name{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 12px}
.head{padding-block:4px}.menu{top:50px}
.progress span+span{display:none}.progress{display:flex;align-items:center;gap:12px;padding-bottom:6px}.progress p{padding:0}.steps{flex:1}.log{padding-block:10px}
.choices{flex-wrap:nowrap;padding-bottom:8px;overflow-x:auto}.choices button{flex:none;max-width:100%}form{padding-top:6px}}
@media (max-width:480px),(max-height:440px){.panel,.panel.left{inset:0;width:auto;height:100dvh;border:0;border-radius:0}
.head{padding-top:max(10px,env(safe-area-inset-top))}}
@media (prefers-reduced-motion:no-preference){.panel{animation:rise .22s ease-out}.log li,.choices{animation:show .18s ease-out}
.typing i{animation:show .6s infinite alternate}.typing i+i{animation-delay:.16s}.typing i+i+i{animation-delay:.32s}
@keyframes rise{from{opacity:0;translate:0 14px}}@keyframes show{from{opacity:0}}}
@media (prefers-contrast:more){.panel{--quiet:var(--ink);--line:currentColor}}`;

const ICONS = {
  bot: "M5 6h14v10h-8l-4 3v-3H5zM9 11h.01M12 11h.01M15 11h.01",
  menu: "M5 12h.01M12 12h.01M19 12h.01",
  close: "M6 6l12 12M18 6L6 18",
  send: "M12 19V5M6 11l6-6 6 6",
  newer: "M12 5v14M6 13l6 6 6-6",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c1-4 4-5 7.5-5s6.5 1 7.5 5",
  nobody: "M5 4h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4A16 16 0 0 1 5 4z",
  erase: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  save: "M12 4v11M7 11l5 5 5-5M5 20h14",
  anew: "M5 12a7 7 0 1 0 2.5-5.4M5 4v4h4",
  stop: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9 9h6v6H9z",
};

const PHONE = matchMedia("(max-width:480px),(max-height:440px)");
const FINGER = matchMedia("(pointer:coarse)");
const SUMMARY_LINE = /^\s*[・•*-]\s*([^:：]{1,24})[:：]\s*(\S.*)$/;

function build(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function icon(name) {
  const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.ariaHidden = "true";
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

const box = (className, ...children) => build("div", { className }, ...children);

/** Only an https address can be pressed. */
const linked = (text) =>
  text
    .split(/(https:\/\/[!#-;=?-~]*[\w/=#&-])/)
    .map((part, at) => (at % 2 ? build("a", { href: part, target: "_blank", rel: "noopener" }, part) : part));

/** What an element `says` is a key of STRINGS, in the language of the talk. */
const button = (onclick, says, ...children) => build("button", { type: "button", onclick, says }, ...children);

const iconButton = (className, says, onclick) => Object.assign(button(onclick, says, icon(says)), { className });

/** Keys of a word being composed belong to the input method; Safari tells by the code. */
const composing = (event) => event.isComposing || event.keyCode === 229;

/** A read-back ("・予算：300万円" lines) as rows and the words around them, or null. */
function readSummary(text) {
  const rows = [];
  let before = "";
  let since = [];
  for (const line of text.split("\n")) {
    const row = SUMMARY_LINE.exec(line);
    if (!row) since.push(line);
    else {
      if (rows.length) rows.at(-1)[1] = [rows.at(-1)[1], ...since].join("\n").trim();
      else before = since.join("\n").trim();
      rows.push(row.slice(1));
      since = [];
    }
  }
  return rows.length > 1 ? { before, rows, after: since.join("\n").trim() } : null;
}

export class Panel {
  menuItems = {};
  #host;
  #config;
  #words;
  #memory;
  #talk;
  #drawn = new Map();
  #following = true; // false while somebody reads further up
  #latest = null; // theirs that came last
  #followedTo = 0;
  #heard = null; // the highest seq announced; null: history is not
  #shownChoices = "";
  #beat;

  constructor(host, config) {
    this.#host = host;
    this.#config = config;
    this.#memory = new Memory(config.key);
    this.#talk = new Talk(config, this.#memory, {
      changed: () => this.#draw(),
      returned: (text) => this.#giveBack(text),
      event: (name, detail) => this.#emit(name, detail),
      tracking: (agreed) => !agreed !== !this.agreed && host.consent((this.agreed = agreed)),
    });
    this.#build();
    this.#speak(config.language);
    this.#listen();
  }

  get isOpen() {
    return !this.panel.hidden;
  }

  /** `clicked`: on the launcher. `quiet`: after a reload, the focus stays with the page. */
  open({ clicked, quiet } = {}) {
    if (clicked) this.#memory.allow();
    if (this.isOpen) return;
    this.panel.hidden = false;
    this.#memory.keepHere("", "open");
    this.#fit();
    if (!this.input.value) this.#write(this.#memory.draft);
    this.#beat = setInterval(() => this.#heartbeat(), HEARTBEAT);
    this.#talk.sync();
    requestAnimationFrame(() => {
      if (!this.isOpen) return;
      if (!quiet) this.#focus();
      this.#host.launcher.hidden = true; // a focused one would cost a layout
    });
    this.#emit("open", {});
  }

  close() {
    if (!this.isOpen) return;
    const focused = this.panel.matches(":focus-within");
    this.panel.hidden = true;
    this.#toggleMenu(false);
    this.#host.launcher.hidden = false;
    this.#host.invite();
    this.#memory.keepHere("");
    this.#fit();
    this.#talk.listen(false);
    clearInterval(this.#beat);
    if (focused) this.#host.launcher.focus();
    this.#emit("close", {});
  }

  #emit(name, detail) {
    this.#host.dispatchEvent(new CustomEvent(`bantline:${name}`, { detail, bubbles: true }));
  }

  /** The talk goes over to the other language, and what is around it goes along. */
  #speak(language) {
    const words = (this.#words = STRINGS[language]);
    words.title = this.#config.title || words.title;
    this.panel.lang = language;
    for (const element of this.#host.shadowRoot.querySelectorAll("*")) {
      const said = words[element.says];
      if (!said) continue;
      if (element.lastChild instanceof Text) element.lastChild.data = said;
      else element.ariaLabel = said;
      if (element.matches(".icon,.newer")) element.title = said;
    }
  }

  #build() {
    const root = this.#host.shadowRoot;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];

    this.mark = build("div", { className: "mark", ariaHidden: "true" });
    this.disclosure = build("p", { className: "disclosure" });
    const name = box("name", build("h2", { says: "title" }, ""), this.disclosure);
    const close = iconButton("icon close", "close", () => this.close());
    this.#buildMenu();
    this.#buildProgress();
    this.#buildLog();
    this.#buildFoot();
    // Hears each new message once.
    this.live = build("div", { className: "unseen", role: "log", ariaLive: "polite", says: "conversation" });
    this.panel = build(
      "section",
      { className: "panel", role: "dialog", says: "title", tabIndex: -1, hidden: true },
      box("head", this.mark, name, this.menuButton, close),
      this.menu,
      this.progress,
      this.log,
      box("below", this.newer, this.choices, box("foot", this.question, this.notice, this.ended, this.form)),
      this.live,
    );
    this.panel.classList.toggle("left", this.#config.position === "left");
    root.append(this.panel);
  }

  #buildMenu() {
    const acts = {
      person: () => this.#say(this.#words.personSaid),
      save: () => this.#save(),
      nobody: () => this.#say(this.#words.nobody, "nobody_called"),
      anew: () => this.#anew(),
      stop: () => this.#say(this.#words.stop, "stop_here"),
      erase: () => ((this.question.hidden = false), this.eraseButton.focus()),
    };
    this.menu = build("ul", { className: "menu", hidden: true });
    for (const [name, act] of Object.entries(acts)) {
      this.menuItems[name] = button(() => (this.#toggleMenu(false), act()), name, icon(name), "");
      this.menu.append(build("li", {}, this.menuItems[name]));
    }
    this.menuButton = iconButton("icon", "menu", () => this.#toggleMenu(this.menu.hidden));
    this.menuButton.ariaExpanded = "false";
  }

  #buildProgress() {
    const bar = { className: "steps", role: "progressbar", says: "progress", ariaValueMax: QUESTIONS.length };
    this.steps = build("div", bar, ...QUESTIONS.map(() => build("i")));
    this.progressText = build("p");
    this.progress = box("progress", this.progressText, this.steps);
  }

  #buildLog() {
    const dots = [build("i"), build("i"), build("i")];
    this.list = build("ol");
    this.unsent = build("ol", { className: "unsent" });
    this.typing = build("div", { className: "bubble typing", role: "img", says: "typing", hidden: true }, ...dots);
    this.log = build("div", { className: "log", role: "region", says: "conversation", tabIndex: 0 }, this.list, this.unsent, this.typing);
    this.newer = iconButton("newer", "newer", () => this.#toEnd());
    this.choices = build("div", { className: "choices", role: "group", says: "choices" });
  }

  #buildFoot() {
    this.noticeText = build("span", { role: "status" });
    this.retryButton = button(() => this.#talk.sync(), "retry", "");
    this.noticeClose = iconButton("icon", "close", () => this.note(null));
    this.notice = box("notice", this.noticeText, this.retryButton, this.noticeClose);
    this.eraseButton = button(() => this.#attempt(() => this.#talk.erase()), "erase", "");
    this.question = build(
      "div",
      { className: "question", role: "alertdialog", says: "eraseSure", hidden: true },
      build("span", { says: "eraseSure" }, ""),
      this.eraseButton,
      iconButton("icon", "close", () => ((this.question.hidden = true), this.#focus())),
    );
    this.endedText = build("p");
    this.endedSave = button(() => this.#save(), "save", "");
    this.ended = box("ended", this.endedText, this.endedSave, button(() => this.#anew(), "anew", ""));
    this.input = build("textarea", { enterKeyHint: "send", autocomplete: "off", says: "write" });
    const send = iconButton("icon send", "send", () => this.#submit());
    this.form = build("form", {}, this.input, send);
  }

  #listen() {
    const panel = this.panel;
    // To the page's shortcuts the target is no text field.
    for (const type of ["keydown", "keyup", "keypress"]) panel.addEventListener(type, (event) => event.stopPropagation());
    panel.addEventListener("keydown", (event) => this.#key(event));
    for (const type of ["pointerdown", "keydown"]) {
      panel.addEventListener(type, (event) => event.isTrusted && this.#memory.allow());
    }
    for (const type of ["pointerdown", "focusin"]) {
      panel.addEventListener(type, ({ target }) => [this.menu, this.menuButton].some((part) => part.contains(target)) || this.#toggleMenu(false));
    }
    this.input.addEventListener("input", () => this.#grow());
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || composing(event)) return;
      event.preventDefault();
      this.#submit();
    });
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.log.addEventListener("scroll", () => {
      // What shrinks around the log is nobody reading further up.
      this.#following = this.log.scrollTop > Math.min(this.#followedTo, this.#end) - 48;
      this.#look();
    });
    new ResizeObserver(() => this.#resized()).observe(this.log);

    const wake = () => {
      const looks = document.visibilityState === "visible";
      this.#talk.listen(this.isOpen && looks);
      if (looks && (this.isOpen || this.#talk.unsent.length)) this.#talk.sync();
    };
    for (const type of ["focus", "online", "pageshow"]) addEventListener(type, wake);
    document.addEventListener("visibilitychange", wake);
    addEventListener("storage", ({ key }) => key === this.#config.key && this.isOpen && this.#talk.sync());

    const fit = () => this.#fit();
    for (const type of ["resize", "scroll"]) visualViewport.addEventListener(type, fit);
    PHONE.addEventListener("change", fit);
    addEventListener("popstate", ({ state }) => PHONE.matches && !state?.bantline && this.close());
  }

  #key(event) {
    if (composing(event)) return;
    if (event.key === "Escape") {
      if (this.menu.hidden && this.question.hidden) return this.close();
      this.question.hidden = true;
      this.#toggleMenu(false, true);
    }
  }

  #heartbeat() {
    const now = Date.now();
    const slept = now - (this.lastBeat ?? now) > 3 * HEARTBEAT;
    this.lastBeat = now;
    if (document.visibilityState !== "visible") return;
    if (slept || (this.#talk.state === "handed_over" && !this.#talk.hears)) this.#talk.sync();
  }

  #submit() {
    const text = this.input.value.trim();
    if (!text) return this.input.focus();
    if ([...text].length > LONGEST_MESSAGE) return this.note("tooLong");
    this.#write("");
    this.#say(text);
  }

  #say(text, choice) {
    this.question.hidden = true;
    this.#toEnd();
    this.#talk.say(text, choice);
    this.#focus();
  }

  #anew() {
    this.#talk.anew();
    this.#focus();
  }

  #giveBack(text) {
    this.#write([text, this.input.value].filter(Boolean).join("\n"));
  }

  #write(text) {
    this.input.value = text;
    this.#grow();
  }

  /** Until it is closed or something is said: a key of STRINGS or words. */
  note(notice) {
    this.#talk.notice = notice;
    this.#draw();
  }

  #attempt(act, done) {
    act().then(() => this.note(done), () => this.note("refused"));
  }

  #save() {
    this.#attempt(async () => {
      const address = URL.createObjectURL(await this.#talk.export());
      build("a", { href: address, download: `chat-${new Date().toLocaleDateString("sv")}.txt` }).click();
      setTimeout(() => URL.revokeObjectURL(address), 1000);
    }, "saved");
  }

  #toggleMenu(open, refocus) {
    this.menu.hidden = !open;
    this.menuButton.ariaExpanded = open;
    if (open) this.menu.querySelector("button:not([hidden])").focus();
    else if (refocus) this.menuButton.focus();
  }

  /** With a finger: where no screen keyboard pops up. */
  #focus() {
    const place = this.form.hidden ? this.log : FINGER.matches ? this.panel : this.input;
    if (!FINGER.matches || this.#host.shadowRoot.activeElement !== this.input) place.focus({ preventScroll: true });
  }

  /** A phone's keyboard shrinks what can be seen, not the page; its Back closes the panel. */
  #fit() {
    const full = this.isOpen && PHONE.matches;
    const { scale, height, offsetTop } = visualViewport;
    const shrunk = full && scale < 1.1;
    this.panel.style.cssText = shrunk ? `height:${height}px;top:${offsetTop}px;bottom:auto` : "";
    this.panel.ariaModal = full || null;
    const { body, documentElement: { style } } = document;
    if (full === !!this.page) return;
    [body.inert, style.overflow, this.page] = full ? [true, "hidden", [body.inert, style.overflow]] : this.page;
    const { state } = history;
    if (full === !!state?.bantline) return;
    full ? quietly(() => history.pushState({ ...state, bantline: 1 }, "")) : history.back();
  }

  #grow() {
    this.#memory.keepHere(DRAFT, this.input.value);
    this.input.style.height = "";
    this.input.style.height = `${Math.max(46, this.input.scrollHeight + 2)}px`;
  }

  #draw() {
    const { state, question, over, closed, person, language } = this.#talk;
    if (language !== this.panel.lang) this.#speak(language);
    this.panel.dataset.state = state ?? "";
    this.panel.dataset.question = question ?? "";
    const focused = this.#host.shadowRoot.activeElement;
    const hadFocus = this.panel.contains(focused);
    this.#drawMessages();
    this.#drawUnsent();
    this.#drawChoices();
    this.#drawProgress();
    this.#drawNotice();
    this.form.hidden = closed;
    if (state === "erased") this.#write("");
    this.endedText.textContent = (closed && this.#words[state]) || "";
    this.ended.hidden = !this.endedText.textContent;
    this.menuItems.anew.hidden = !over;
    this.menuItems.nobody.hidden = person || !["completed", "handed_over"].includes(state);
    for (const item of [this.menuItems.save, this.menuItems.erase, this.endedSave]) item.hidden = !state || state === "erased";
    this.menuItems.person.hidden = closed || !!person;
    this.mark.replaceChildren(person ? [...person][0] : icon("bot"));
    this.disclosure.textContent = person ? this.#words.withYou.replace("{name}", person) : this.#words.disclosure;
    if (this.isOpen && state && !closed && document.visibilityState === "visible") this.#talk.listen(true);
    this.menuItems.stop.hidden = over || state === "handed_over"; // it would also call off the promised call
    this.input.placeholder = this.#words[state === "completed" ? state : this.#talk.choices.length ? "orWrite" : "write"];
    const gone = hadFocus && (!this.panel.contains(focused) || focused.closest("[hidden]"));
    if (this.isOpen && gone) this.#focus();
    this.#follow();
  }

  #drawMessages() {
    const { messages } = this.#talk;
    if ([...this.#drawn.keys()].some((seq) => !messages.has(seq))) this.#clear(); // another talk began
    const fresh = [...messages.values()].filter(({ seq }) => !this.#drawn.has(seq));
    for (const message of fresh) {
      const item = this.#messageItem(message);
      const later = [...this.#drawn.keys()].filter((seq) => seq > message.seq);
      this.list.insertBefore(item, later.length ? this.#drawn.get(Math.min(...later)) : null);
      this.#drawn.set(message.seq, item);
    }
    if (fresh.length) this.#announce(fresh);
  }

  #clear() {
    this.question.hidden = true;
    this.list.replaceChildren();
    this.#latest = null;
    this.#drawn.clear();
    this.#heard = null;
  }

  /** Of a talk that goes on, what they said last is announced; then everything new. */
  #announce(fresh) {
    const all = [...this.#talk.messages.values()];
    const mine = all.findLastIndex(({ from }) => from === "prospect");
    const heard = this.#heard ?? all[mine]?.seq ?? -1;
    const news = fresh.filter(({ from, seq }) => from !== "prospect" && seq > heard);
    this.#heard = this.#talk.last;
    if (!news.length) return;
    this.live.replaceChildren(...news.map(({ text, name }) => build("p", {}, name ? `${name}: ${text}` : text)));
    this.#latest = this.#drawn.get(news.at(-1).seq);
  }

  #messageItem({ from, text, name }) {
    const who = build("span", { className: from === "rep" ? "who" : "unseen" }, name ?? this.#words[from]);
    const summary = from === "bot" && readSummary(text);
    if (!summary) return build("li", { className: from }, who, build("p", { className: "bubble" }, ...linked(text)));
    const parts = (value) => (value.match(/.+?(、|, |(?=（)|$)/gs) ?? []).map((part) => build("span", {}, part)); // no number breaks in two
    const rows = summary.rows.map(([name, value]) => build("div", {}, build("dt", {}, name), build("dd", {}, ...parts(value))));
    const card = box("bubble", build("p", {}, summary.before), build("dl", {}, ...rows), build("p", {}, summary.after));
    return build("li", { className: `${from} card` }, who, card);
  }

  #drawUnsent() {
    const { unsent, trouble, typing } = this.#talk;
    const items = unsent.map((message) => this.#messageItem({ from: "prospect", ...message }));
    if (trouble) for (const item of items) item.append(build("span", { className: "fate" }, this.#words.waiting));
    this.unsent.replaceChildren(...items);
    this.unsent.hidden = !unsent.length;
    const expecting = typing || this.#talk.busy && !trouble && (unsent.length > 0 || !this.#talk.messages.size);
    clearTimeout(this.typingSoon);
    if (!expecting) this.typing.hidden = true;
    else this.typingSoon = setTimeout(() => ((this.typing.hidden = false), this.#follow()), 250);
  }

  #drawChoices() {
    const { choices, state, last } = this.#talk;
    const shown = JSON.stringify([last, choices]);
    if (shown === this.#shownChoices) return;
    this.#shownChoices = shown;
    this.choices.hidden = !choices.length;
    const isReadBack = state === "confirming" && choices.length === 2; // yes, or correct something
    const buttons = choices.map(({ value, label }) => button(() => this.#say(label, value), null, label));
    if (isReadBack) buttons[0].className = "first";
    this.choices.replaceChildren(...buttons);
  }

  #drawProgress() {
    const { state, question, person } = this.#talk;
    const words = this.#words;
    const at = question ? QUESTIONS.indexOf(question) : QUESTIONS.length;
    const step = words.step.replace("{n}", at + 1).replace("{of}", QUESTIONS.length);
    const texts = question && state === "asking" ? [step, words[question]] : [OVER.includes(state) ? "" : words[state] ?? ""];
    this.progress.hidden = !!person || !texts[0];
    this.progressText.replaceChildren(...texts.map((text) => build("span", {}, text)));
    this.steps.hidden = state === "handed_over";
    this.steps.ariaValueNow = at;
    this.steps.ariaValueText = texts.join(" ");
    [...this.steps.children].forEach((step, place) => (step.className = place < at ? "done" : place === at ? "here" : ""));
  }

  #drawNotice() {
    const { trouble, notice } = this.#talk;
    const text = [notice, trouble].filter(Boolean).map((key) => this.#words[key] ?? key).join("\n");
    if (this.noticeText.textContent !== text) this.noticeText.textContent = text;
    this.notice.hidden = !text;
    this.notice.classList.toggle("good", !trouble && !UNSENDABLE.includes(notice));
    this.noticeClose.hidden = !notice;
    this.retryButton.hidden = trouble !== "unreachable";
  }

  get #end() {
    return this.log.scrollHeight - this.log.clientHeight;
  }

  /** Never past the beginning of the latest message, nor while somebody reads further up. */
  #follow() {
    cancelAnimationFrame(this.nextLook);
    // Asking for the layout now would make the page wait.
    this.nextLook = requestAnimationFrame(() => this.isOpen && this.#followNow());
  }

  #followNow() {
    if (this.#following) {
      this.#followedTo = Math.min(this.#end, this.#latest ? this.#latest.offsetTop - 12 : Infinity);
      if (this.log.scrollTop < this.#followedTo) this.log.scrollTop = this.#followedTo;
    }
    this.#look();
  }

  /** A phone's keyboard, which takes of the whole panel, has come up: then the question counts. */
  #resized() {
    const height = this.panel.clientHeight;
    const shrunk = height < this.height;
    this.height = height;
    if (shrunk && PHONE.matches && this.#following) this.#toEnd();
    else this.#follow();
  }

  #look() {
    this.newer.hidden = this.#end - this.log.scrollTop < 24;
  }

  #toEnd() {
    this.#following = true;
    this.#latest = null;
    this.#follow();
  }
}
