// Draws one person's Slack: channels, messages, threads, modals and Home, from the facts of /sandbox/screen.
// Every text of the app or of a person reaches the page through textContent, never as HTML.
"use strict";

const WORDS = {
  en: {
    people: "You are", channels: "Channels", direct: "Apps", home: "Home", messages: "Messages", connected: "The app is connected",
    silent: "The app is not connected", write: "Message {0}", reply: "Reply…", send: "Send", thread: "Thread", replies: "{0} replies",
    reply1: "1 reply", lastReply: "last {0}", onlyYou: "Only visible to you", dismiss: "Dismiss", edited: "(edited)", app: "APP",
    alsoChannel: "Also send to {0}", inThread: "replied to a thread: ", close: "Close", cancel: "Cancel", ok: "OK", optional: "(optional)",
    today: "Today", yesterday: "Yesterday", tomorrow: "Tomorrow", noMessages: "Nothing here yet.", noHome: "The app has not published a Home for you yet.",
    edit: "Edit message", remove: "Delete message",
    shortcuts: "Shortcuts", more: "More actions", replyInThread: "Reply in thread", react: "React with {0}", unknown: "Unknown block: {0}",
    choose: "Choose an option", search: "Type to search", least: "Type at least {0} letters", nothing: "No results", menu: "Channels and people",
    noShortcuts: "No shortcuts", guest: "guest", rep: "rep", manager: "manager", archived: "archived", isPrivate: "private", gone: "The stand-in does not answer.",
  },
  ja: {
    people: "操作する人", channels: "チャンネル", direct: "アプリ", home: "ホーム", messages: "メッセージ", connected: "アプリは接続中です",
    silent: "アプリは接続されていません", write: "{0} へのメッセージ", reply: "返信する…", send: "送信", thread: "スレッド", replies: "{0} 件の返信",
    reply1: "1 件の返信", lastReply: "最終 {0}", onlyYou: "あなただけに表示されています", dismiss: "非表示にする", edited: "（編集済み）", app: "アプリ",
    alsoChannel: "{0} にも投稿する", inThread: "スレッドに返信しました: ", close: "閉じる", cancel: "キャンセル", ok: "OK", optional: "（任意）",
    today: "今日", yesterday: "昨日", tomorrow: "明日", noMessages: "まだ何もありません。", noHome: "アプリのホームはまだ表示されていません。",
    edit: "メッセージを編集する", remove: "メッセージを削除する",
    shortcuts: "ショートカット", more: "その他の操作", replyInThread: "スレッドで返信する", react: "{0} でリアクションする", unknown: "不明なブロック: {0}",
    choose: "選択してください", search: "入力して検索", least: "{0} 文字以上入力してください", nothing: "見つかりません", menu: "チャンネルと人",
    noShortcuts: "ショートカットはありません", guest: "ゲスト", rep: "担当者", manager: "マネージャー", archived: "アーカイブ済み", isPrivate: "非公開", gone: "応答がありません。",
  },
};

const EMOJI = {
  smile: "😄", slightly_smiling_face: "🙂", grinning: "😀", wink: "😉", thinking_face: "🤔", eyes: "👀", wave: "👋", pray: "🙏", clap: "👏",
  muscle: "💪", "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", ok_hand: "👌", raised_hands: "🙌", point_right: "👉", heart: "❤️",
  tada: "🎉", fire: "🔥", star: "⭐", sparkles: "✨", zap: "⚡", rocket: "🚀", trophy: "🏆", dart: "🎯", bulb: "💡", key: "🔑", lock: "🔒",
  bell: "🔔", no_bell: "🔕", mega: "📣", loudspeaker: "📢", speech_balloon: "💬", thought_balloon: "💭", telephone_receiver: "📞", phone: "☎️",
  telephone: "☎️", iphone: "📱", email: "✉️", envelope: "✉️", incoming_envelope: "📨", inbox_tray: "📥", outbox_tray: "📤", memo: "📝", pencil: "📝",
  pencil2: "✏️", clipboard: "📋", calendar: "📅", date: "📅", spiral_calendar_pad: "🗓️", hourglass: "⌛", hourglass_flowing_sand: "⏳", alarm_clock: "⏰",
  stopwatch: "⏱️", clock3: "🕒", clock1: "🕐", moneybag: "💰", yen: "💴", chart_with_upwards_trend: "📈", bar_chart: "📊", office: "🏢", handshake: "🤝",
  bust_in_silhouette: "👤", busts_in_silhouette: "👥", robot_face: "🤖", mag: "🔍", link: "🔗", paperclip: "📎", pushpin: "📌", warning: "⚠️",
  rotating_light: "🚨", exclamation: "❗", grey_exclamation: "❕", question: "❓", information_source: "ℹ️", no_entry: "⛔", no_entry_sign: "🚫",
  x: "❌", white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", arrow_right: "➡️", arrow_up: "⬆️", arrow_down: "⬇️",
  arrows_counterclockwise: "🔄", repeat: "🔁", zzz: "💤", snowflake: "❄️", sunny: "☀️", seedling: "🌱", hot_springs: "♨️", thermometer: "🌡️",
  red_circle: "🔴", large_yellow_circle: "🟡", large_green_circle: "🟢", large_blue_circle: "🔵", large_orange_circle: "🟠", white_circle: "⚪",
  black_circle: "⚫", one: "1️⃣", two: "2️⃣", three: "3️⃣", four: "4️⃣", crossed_flags: "🎌", jp: "🇯🇵", us: "🇺🇸", gb: "🇬🇧",
};
const QUICK = { eyes: "eye", white_check_mark: "check" };

// Signs of the page itself, drawn as lines so that they look the same on every machine.
const SIGNS = {
  eye: "M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12zM12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z",
  reply: "M20 15a2 2 0 0 1-2 2H9l-5 4V6a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2z",
  check: "M4.5 12.5l5 5L19.5 7", lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3", bolt: "M13 2.5L4.5 13.5H11l-1 8 8.5-11H12z",
  menu: "M4 7h16M4 12h16M4 17h16", close: "M6 6l12 12M18 6L6 18", more: "M5 12h.01M12 12h.01M19 12h.01",
};
function sign(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24"); svg.setAttribute("class", `sig sig-${name}`); svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SIGNS[name]); svg.append(path);
  return svg;
}
// A machine without an emoji font would show empty boxes: then the code itself is shown.
const paint = (text) => {
  const canvas = document.createElement("canvas"); canvas.width = canvas.height = 20;
  const brush = canvas.getContext("2d"); brush.font = "16px sans-serif"; brush.fillText(text, 0, 16);
  return canvas.toDataURL();
};
const BOX = paint("\u{10FFFD}");
const drawn = {};
const emojiOf = (name) => (EMOJI[name] && (drawn[name] ??= paint(EMOJI[name]) !== BOX) ? EMOJI[name] : null);

const S = {
  as: null, place: "channel", channel: null, thread: null, screen: null, cast: null,
  typed: {}, errors: {}, seen: {}, notices: 0, confirm: null, drawnModal: "", returnTo: null,
};
const $ = (id) => document.getElementById(id);

// --- small tools ------------------------------------------------------------------------------------------------------

function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value") node.value = value;
    else if (value === true) node.setAttribute(name, "");
    else node.setAttribute(name, value);
  }
  put(node, children);
  return node;
}
function put(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}
// While a Japanese word is being typed, Escape gives up the word and nothing else.
const escapes = (event) => event.key === "Escape" && !event.isComposing && event.keyCode !== 229;
function fill(node, ...children) { node.replaceChildren(); put(node, children); }
function lang() { return S.screen && S.screen.me.locale.startsWith("ja") ? "ja" : "en"; }
function t(key, ...parts) { return parts.reduce((text, part, index) => text.replace(`{${index}}`, part), WORDS[lang()][key] ?? key); }
function person(id) { return S.screen.people[id] || { id, real_name: id, name: id }; }
function seconds(ts) { return parseFloat(ts); }
function named(text) { return unescaped(text.replace(/<@([A-Z0-9]+)>/g, (whole, id) => "@" + person(id).real_name)); }
function firstLine(text) { return named((text || "").split("\n")[0]).slice(0, 90); }

async function ask(path, body) {
  const options = body ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {};
  const response = await fetch(path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error || response.statusText);
  return answer;
}
async function act(what, wish) {
  try {
    return await ask("/sandbox/do", { as: S.as, do: what, ...wish });
  } catch (problem) {
    toast(problem instanceof TypeError ? t("gone") : problem.message);
    return null;
  }
}
function toast(text) {
  const node = h("div", { class: "toast" }, text);
  $("toasts").append(node);
  setTimeout(() => node.remove(), 7000);
}

// --- dates ------------------------------------------------------------------------------------------------------------

function dateParts(epoch, options) {
  return new Intl.DateTimeFormat(S.screen.me.locale, { timeZone: S.screen.me.tz, ...options }).format(new Date(epoch * 1000));
}
function clockTime(epoch) { return dateParts(epoch, { hour: "numeric", minute: "2-digit" }); }
function dayKey(epoch) { return dateParts(epoch, { year: "numeric", month: "2-digit", day: "2-digit" }); }
function pretty(epoch, options) {
  for (const [word, away] of [["today", 0], ["yesterday", -86400], ["tomorrow", 86400]]) {
    if (dayKey(epoch) === dayKey(S.screen.now + away)) return t(word);
  }
  return dateParts(epoch, options);
}
const LONG = { weekday: "long", year: "numeric", month: "long", day: "numeric" };
const PLAIN = { year: "numeric", month: "long", day: "numeric" };
const SHORT = { year: "numeric", month: "short", day: "numeric" };
function slackDate(epoch, format) {
  const tokens = {
    date_num: () => dateParts(epoch, { year: "numeric", month: "2-digit", day: "2-digit" }),
    date: () => dateParts(epoch, PLAIN), date_short: () => dateParts(epoch, SHORT), date_long: () => dateParts(epoch, LONG),
    date_pretty: () => pretty(epoch, PLAIN), date_short_pretty: () => pretty(epoch, SHORT), date_long_pretty: () => pretty(epoch, LONG),
    time: () => clockTime(epoch), time_secs: () => dateParts(epoch, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
    ago: () => ago(epoch),
  };
  return format.replace(/\{(\w+)\}/g, (whole, name) => (tokens[name] ? tokens[name]() : whole));
}
function ago(epoch) {
  const minutes = Math.round((epoch - S.screen.now) / 60);
  const words = new Intl.RelativeTimeFormat(S.screen.me.locale, { numeric: "auto" });
  if (Math.abs(minutes) < 60) return words.format(minutes, "minute");
  if (Math.abs(minutes) < 1440) return words.format(Math.round(minutes / 60), "hour");
  return words.format(Math.round(minutes / 1440), "day");
}

// --- mrkdwn -----------------------------------------------------------------------------------------------------------

function asTyped(text) { return unescaped(text.replace(/<(https?:[^|>]*)>/g, "$1").replace(/<mailto:[^|>]*\|([^>]*)>/g, "$1")); }
function unescaped(text) { return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&"); }
function withEmoji(text) { return text.replace(/:([a-z0-9_+-]+):/g, (code, name) => emojiOf(name) || code); }
function plainText(text, emoji) { return emoji === false ? text : withEmoji(text); }

function mrkdwn(text) {
  const out = [];
  for (const piece of text.split(/(```[\s\S]*?```)/)) {
    if (/^```[\s\S]*```$/.test(piece) && piece.length > 6) out.push(h("pre", {}, h("code", {}, unescaped(piece.slice(3, -3).replace(/^\n/, "")))));
    else if (piece) out.push(...quotedLines(piece));
  }
  return h("div", { class: "p" }, out);
}
function quotedLines(text) {
  const out = []; let quote = []; let lines = [];
  const flushQuote = () => { if (quote.length) out.push(h("blockquote", {}, inline(quote.join("\n")))); quote = []; };
  const flushLines = () => { if (lines.length) out.push(...inline(lines.join("\n"))); lines = []; };
  for (const line of text.split("\n")) {
    const found = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (found) { flushLines(); quote.push(found[1]); } else { flushQuote(); lines.push(line); }
  }
  flushQuote(); flushLines();
  return out;
}
const SPAN = /<([^<>\n]+)>|`([^`\n]+)`|(?<![\p{L}\p{N}*])\*(\S|\S[^*\n]*\S)\*(?![\p{L}\p{N}*])|(?<![\p{L}\p{N}_])_(\S|\S[^_\n]*\S)_(?![\p{L}\p{N}_])|(?<![\p{L}\p{N}~])~(\S|\S[^~\n]*\S)~(?![\p{L}\p{N}~])/u;
function inline(text) {
  const out = []; let rest = text; let found;
  while ((found = SPAN.exec(rest))) {
    if (found.index) out.push(withEmoji(unescaped(rest.slice(0, found.index))));
    if (found[1] !== undefined) out.push(angled(found[1]));
    else if (found[2] !== undefined) out.push(h("code", {}, unescaped(found[2])));
    else if (found[3] !== undefined) out.push(h("b", {}, inline(found[3])));
    else if (found[4] !== undefined) out.push(h("i", {}, inline(found[4])));
    else out.push(h("s", {}, inline(found[5])));
    rest = rest.slice(found.index + found[0].length);
  }
  if (rest) out.push(withEmoji(unescaped(rest)));
  return out;
}
function angled(inner) {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? null : inner.slice(bar + 1);
  if (/^@[A-Z0-9]+$/.test(target)) return h("span", { class: "mention" }, "@" + person(target.slice(1)).real_name);
  if (/^#[A-Z0-9]+$/.test(target)) return h("span", { class: "mention" }, "#" + (channelById(target.slice(1))?.name || label || target.slice(1)));
  if (target.startsWith("!subteam^")) return h("span", { class: "mention" }, "@" + (S.screen.groups[target.slice(9)] || label || target.slice(9)));
  if (/^!(here|channel|everyone)$/.test(target)) return h("span", { class: "mention" }, "@" + target.slice(1));
  if (target.startsWith("!date^")) {
    const [, epoch, format, url] = target.split("^");
    const words = /^\d+$/.test(epoch) && format ? slackDate(Number(epoch), format) : label || inner;
    return url ? link(url, words) : h("span", { title: label }, words);
  }
  if (/^(https?:|mailto:|tel:)/.test(target)) return link(target, label === null ? unescaped(target.replace(/^mailto:|^tel:/, "")) : withEmoji(unescaped(label)));
  return unescaped(`<${inner}>`);
}
function link(url, words) {
  const safe = /^(https?:|mailto:|tel:)/i.test(url);
  return safe ? h("a", { href: unescaped(url), target: "_blank", rel: "noopener noreferrer" }, words) : document.createTextNode(words);
}
function textObject(text) {
  if (!text) return null;
  return text.type === "mrkdwn" ? mrkdwn(text.text) : h("div", { class: "p" }, plainText(text.text, text.emoji));
}
const words = (text) => (text ? plainText(text.text, text.emoji) : "");

function richText(block) { return h("div", { class: "p" }, (block.elements || []).map(richPart)); }
function richPart(part) {
  const inner = () => (part.elements || []).map(richPiece);
  if (part.type === "rich_text_section") return h("div", {}, inner());
  if (part.type === "rich_text_quote") return h("blockquote", {}, inner());
  if (part.type === "rich_text_preformatted") return h("pre", {}, h("code", {}, inner()));
  if (part.type === "rich_text_list") return h(part.style === "ordered" ? "ol" : "ul", {}, part.elements.map((one) => h("li", {}, richPart(one))));
  return unknown(part.type);
}
function richPiece(piece) {
  if (piece.type === "user") return h("span", { class: "mention" }, "@" + person(piece.user_id).real_name);
  if (piece.type === "usergroup") return h("span", { class: "mention" }, "@" + (S.screen.groups[piece.usergroup_id] || piece.usergroup_id));
  if (piece.type === "channel") return h("span", { class: "mention" }, "#" + (channelById(piece.channel_id)?.name || piece.channel_id));
  if (piece.type === "broadcast") return h("span", { class: "mention" }, "@" + piece.range);
  if (piece.type === "emoji") return emojiOf(piece.name) || `:${piece.name}:`;
  if (piece.type === "date") return slackDate(piece.timestamp, piece.format || "{date_pretty}");
  let node = piece.type === "link" ? link(piece.url, piece.text || piece.url) : document.createTextNode(piece.text || "");
  for (const [style, tag] of [["bold", "b"], ["italic", "i"], ["strike", "s"], ["code", "code"]]) if (piece.style?.[style]) node = h(tag, {}, node);
  return node;
}

// --- blocks -----------------------------------------------------------------------------------------------------------

// `on` is where the blocks stand: {ref, typed, errors, set(block, element, value)} for a message, a modal or Home.
function drawBlocks(blocks, on) { return h("div", { class: "blocks" }, blocks.map((block) => (BLOCKS[block.type] || unknownBlock)(block, on))); }
const unknown = (type) => h("div", { class: "unknown", role: "alert" }, t("unknown", type));
const unknownBlock = (block) => unknown(block.type);

const BLOCKS = {
  header: (block) => h("h2", { class: "b-header" }, words(block.text)),
  divider: () => h("hr"),
  section: (block, on) => h("div", { class: "b-section" },
    h("div", { class: "words" }, textObject(block.text), block.fields && h("div", { class: "fields" }, block.fields.map(textObject))),
    block.accessory && (block.accessory.type === "image" ? picture(block.accessory, "accessory-image") : element(block, block.accessory, on))),
  context: (block) => h("div", { class: "b-context" }, block.elements.map((one) => (one.type === "image" ? picture(one) : textObject(one)))),
  actions: (block, on) => h("div", { class: "b-actions" }, block.elements.map((one) => element(block, one, on))),
  image: (block) => h("figure", { class: "b-image" }, block.title && h("figcaption", { class: "quiet" }, words(block.title)), picture(block)),
  markdown: (block) => mrkdwn(block.text.replace(/\*\*(.+?)\*\*/g, "*$1*").replace(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, "<$2|$1>")),
  rich_text: richText,
  alert: (block) => h("div", { class: "b-alert", role: "note" }, textObject(block.text)),
  table: (block) => h("table", { class: "rows" }, h("tbody", {}, block.rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell.type === "rich_text" ? richText(cell) : cell.text || "")))))),
  input: inputBlock,
};
function picture(image, kind) { return h("img", { src: image.image_url, alt: image.alt_text, class: kind, referrerpolicy: "no-referrer" }); }

let fieldNumber = 0;
function inputBlock(block, on) {
  const id = `field-${++fieldNumber}`;
  const error = on.errors[block.block_id];
  const group = ["radio_buttons", "checkboxes"].includes(block.element.type);
  const described = [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || null;
  const control = element(block, block.element, on, { id, described, wrong: Boolean(error) });
  const label = [words(block.label), block.optional && h("span", { class: "maybe" }, " " + t("optional"))];
  return h(group ? "fieldset" : "div", { class: error ? "field wrong" : "field" },
    group ? h("legend", {}, label) : h("label", { for: id }, label), control,
    block.hint && h("div", { class: "hint", id: `${id}-hint` }, words(block.hint)),
    error && h("div", { class: "error", id: `${id}-error`, role: "alert" }, error));
}
function element(block, item, on, field) {
  const draw = ELEMENTS[item.type];
  if (!draw) return unknown(item.type);
  const held = on.typed?.[block.block_id]?.[item.action_id] || { type: item.type };
  const set = (value, cause) => on.set(block, item, { type: item.type, ...value }, cause);
  const props = field
    ? { id: field.id, "aria-describedby": field.described, "aria-invalid": field.wrong ? "true" : null }
    : { "aria-label": words(item.placeholder) || words(block.text) || item.action_id };
  return draw(item, { held, set, props: { ...props, "data-key": `${block.block_id}|${item.action_id}` }, on, block });
}
const optionsOf = (item) => (item.option_groups ? item.option_groups.flatMap((group) => group.options) : item.options || []);
const optionNode = (option, chosen) => h("option", { value: option.value, selected: chosen }, words(option.text));

const ELEMENTS = {
  button: (item, c) => {
    const style = { primary: " primary", danger: " danger" }[item.style] || "";
    const press = async (event) => {
      const button = event.currentTarget;
      if (item.confirm && !(await confirmed(item.confirm))) return;
      if (item.url) window.open(item.url, "_blank", "noopener");
      button.disabled = true; button.classList.add("waiting");
      await c.set({}, button);
      button.disabled = false; button.classList.remove("waiting");
    };
    return h("button", { type: "button", class: "btn" + style, "data-key": c.props["data-key"], "aria-label": item.accessibility_label, onclick: press }, words(item.text));
  },
  static_select: (item, c) => {
    const chosen = c.held.selected_option?.value;
    const pick = (event) => c.set({ selected_option: optionsOf(item).find((option) => option.value === event.target.value) || null });
    return h("select", { ...c.props, onchange: pick },
      h("option", { value: "", selected: !chosen }, words(item.placeholder) || t("choose")),
      item.option_groups
        ? item.option_groups.map((group) => h("optgroup", { label: words(group.label) }, group.options.map((option) => optionNode(option, option.value === chosen))))
        : item.options.map((option) => optionNode(option, option.value === chosen)));
  },
  multi_static_select: (item, c) => choiceList(item, c, "checkbox"),
  external_select: externalSelect,
  users_select: (item, c) => h("select", { ...c.props, onchange: (event) => c.set({ selected_user: event.target.value || null }) },
    h("option", { value: "" }, words(item.placeholder) || t("choose")),
    Object.values(S.screen.people).filter((one) => !one.is_bot && !one.deleted).map((one) => h("option", { value: one.id, selected: one.id === c.held.selected_user }, one.real_name))),
  channels_select: (item, c) => channelSelect(item, c, "selected_channel"),
  conversations_select: (item, c) => channelSelect(item, c, "selected_conversation"),
  overflow: (item, c) => popMenu(sign("more"), t("more"), item.options.map((option) => ({
    label: words(option.text),
    run: async () => { if (!item.confirm || (await confirmed(item.confirm))) await c.set({ selected_option: option }); },
  })), c.props["data-key"]),
  radio_buttons: (item, c) => choiceList(item, c, "radio"),
  checkboxes: (item, c) => choiceList(item, c, "checkbox"),
  datepicker: (item, c) => h("input", { ...c.props, type: "date", value: c.held.selected_date || "", onchange: (event) => c.set({ selected_date: event.target.value || null }) }),
  timepicker: (item, c) => h("input", { ...c.props, type: "time", value: c.held.selected_time || "", onchange: (event) => c.set({ selected_time: event.target.value || null }) }),
  datetimepicker: (item, c) => h("input", { ...c.props, type: "datetime-local", value: wallClock(c.held.selected_date_time), onchange: (event) => c.set({ selected_date_time: instant(event.target.value) }) }),
  plain_text_input: textField("text"), email_text_input: textField("email"), url_text_input: textField("url"), number_input: textField("number"),
  image: (item) => picture(item, "accessory-image"),
};
function wallClock(epoch) { return epoch ? new Date((epoch + S.screen.me.tz_offset) * 1000).toISOString().slice(0, 16) : ""; }
function instant(text) { return text ? Date.parse(text + "Z") / 1000 - S.screen.me.tz_offset : null; }

function textField(kind) {
  return (item, c) => {
    const props = { ...c.props, placeholder: words(item.placeholder) || null, maxlength: item.max_length, autofocus: item.focus_on_load };
    const typed = (event) => {
      const often = item.dispatch_action_config?.trigger_actions_on?.includes("on_character_entered");
      c.set({ value: event.target.value || null }, often ? "character" : "typing");
    };
    const enter = (event) => {
      if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
      const wanted = item.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
      if (c.block.dispatch_action && wanted.includes("on_enter_pressed") && !item.multiline) { event.preventDefault(); c.set({ value: event.target.value || null }, "enter"); }
    };
    if (item.multiline) return h("textarea", { ...props, rows: 4, value: c.held.value || "", oninput: typed });
    const number = kind === "number" ? { step: item.is_decimal_allowed ? "any" : "1", min: item.min_value, max: item.max_value, inputmode: "decimal" } : {};
    return h("input", { ...props, ...number, type: kind, value: c.held.value || "", oninput: typed, onkeydown: enter });
  };
}
function choiceList(item, c, kind) {
  const name = `choice-${++fieldNumber}`;
  const many = kind === "checkbox";
  const chosen = many ? (c.held.selected_options || []).map((option) => option.value) : [c.held.selected_option?.value];
  const list = h("div", { class: "choices", role: "group", "aria-label": c.props["aria-label"], "aria-describedby": c.props["aria-describedby"] });
  const change = () => {
    const ticked = [...list.querySelectorAll("input:checked")].map((box) => item.options[Number(box.dataset.index)]);
    c.set(many ? { selected_options: ticked } : { selected_option: ticked[0] || null });
  };
  put(list, item.options.map((option, index) => h("label", {},
    h("input", { type: kind, name, "data-index": String(index), "data-key": `${c.props["data-key"]}|${index}`, checked: chosen.includes(option.value), onchange: change }),
    h("span", {}, option.text.type === "mrkdwn" ? inline(option.text.text) : words(option.text), option.description && h("span", { class: "desc" }, words(option.description))))));
  return list;
}
function channelSelect(item, c, key) {
  return h("select", { ...c.props, onchange: (event) => c.set({ [key]: event.target.value || null }) },
    h("option", { value: "" }, words(item.placeholder) || t("choose")),
    S.screen.channels.filter((one) => one.name).map((one) => h("option", { value: one.id, selected: one.id === c.held[key] }, "#" + one.name)));
}
function externalSelect(item, c) {
  const least = item.min_query_length ?? 3;
  const list = h("ul", { role: "listbox", hidden: true });
  let wait = 0; let turn = 0;
  const hide = () => { list.hidden = true; box.setAttribute("aria-expanded", "false"); };
  const choose = (option) => { box.value = words(option.text); hide(); c.set({ selected_option: option }); box.focus(); };
  const show = (nodes) => { fill(list, nodes); list.hidden = false; box.setAttribute("aria-expanded", "true"); };
  const search = async () => {
    const query = box.value; const mine = ++turn;
    if (query.length < least) return show([h("li", { class: "none" }, t("least", least))]);
    const answer = await act("options", { ...c.on.ref, block_id: c.block.block_id, action_id: item.action_id, query });
    if (mine !== turn || !answer) return;
    show(answer.options.length
      ? answer.options.map((option) => h("li", { role: "option" }, h("button", { type: "button", onclick: () => choose(option) }, words(option.text), option.description && h("span", { class: "quiet" }, "  " + words(option.description)))))
      : [h("li", { class: "none" }, t("nothing"))]);
  };
  const step = (event) => {
    const buttons = [...list.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    if (event.key === "Escape" && !list.hidden) { event.stopPropagation(); hide(); box.focus(); }
    if (event.key === "ArrowDown" && buttons.length) { event.preventDefault(); buttons[Math.min(at + 1, buttons.length - 1)].focus(); }
    if (event.key === "ArrowUp" && at >= 0) { event.preventDefault(); (buttons[at - 1] || box).focus(); }
    if (event.key === "Enter" && document.activeElement === box && buttons.length && !event.isComposing) { event.preventDefault(); buttons[0].click(); }
  };
  const box = h("input", {
    ...c.props, type: "text", role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", placeholder: words(item.placeholder) || t("search"),
    value: words(c.held.selected_option?.text), onfocus: () => { if (!box.value && least === 0) search(); },
    oninput: () => { clearTimeout(wait); if (!box.value) c.set({ selected_option: null }); wait = setTimeout(search, 180); },
  });
  const whole = h("div", { class: "pick", onkeydown: step }, box, list);
  whole.addEventListener("focusout", (event) => { if (!whole.contains(event.relatedTarget)) hide(); });
  return whole;
}
function popMenu(mark, label, entries, key) {
  const list = h("ul", { class: "pop", role: "menu", hidden: true });
  const close = () => { list.hidden = true; opener.setAttribute("aria-expanded", "false"); };
  const open = () => {
    fill(list, entries.length
      ? entries.map((entry) => h("li", { role: "none" }, h("button", { type: "button", role: "menuitem", onclick: () => { close(); entry.run(); } }, entry.label)))
      : h("li", { class: "quiet" }, t("noShortcuts")));
    list.hidden = false; opener.setAttribute("aria-expanded", "true"); list.querySelector("button")?.focus();
  };
  const opener = h("button", { type: "button", class: "icon", "aria-label": label, title: label, "aria-haspopup": "menu", "aria-expanded": "false", "data-key": key, onclick: () => (list.hidden ? open() : close()) }, mark);
  const move = (event) => {
    const items = [...list.querySelectorAll("button")]; const at = items.indexOf(document.activeElement);
    if (event.key === "Escape" && !list.hidden) { event.stopPropagation(); close(); opener.focus(); }
    if (event.key === "ArrowDown" && !list.hidden) { event.preventDefault(); items[(at + 1) % items.length]?.focus(); }
    if (event.key === "ArrowUp" && !list.hidden) { event.preventDefault(); items[(at - 1 + items.length) % items.length]?.focus(); }
  };
  const whole = h("span", { class: "more", onkeydown: move }, opener, list);
  whole.addEventListener("focusout", (event) => { if (!whole.contains(event.relatedTarget)) close(); });
  return whole;
}

// --- where blocks stand -----------------------------------------------------------------------------------------------

function onMessage(message) {
  const ref = { channel: message.channel, ts: message.ts };
  return { ref, typed: message.typed, errors: {}, set: (block, item, value) => act("press", { ...ref, block_id: block.block_id, action_id: item.action_id, value }) };
}
let pause = 0;
function onView(view) {
  const ref = { view: view.id };
  const typed = S.typed[view.id];
  const press = (block, item, value) => act("press", { ...ref, block_id: block.block_id, action_id: item.action_id, value, typed });
  const set = (block, item, value, cause) => {
    const silent = ["button", "overflow"].includes(item.type);
    if (!silent) (typed[block.block_id] ||= {})[item.action_id] = value;
    if (block.type === "input" && !block.dispatch_action) return undefined;
    if (cause === "typing") return undefined;
    if (cause === "character") { clearTimeout(pause); pause = setTimeout(() => press(block, item, value), 350); return undefined; }
    return press(block, item, value);
  };
  return { ref, typed, errors: S.errors[view.id] || {}, set };
}
function keepTyped(view) {
  const held = S.typed[view.id] || {};
  const fresh = structuredClone(view.state.values);
  for (const [block, fields] of Object.entries(fresh)) {
    for (const [action, value] of Object.entries(fields)) {
      const mine = held[block]?.[action];
      if (mine && mine.type === value.type) fields[action] = mine;
    }
  }
  S.typed[view.id] = fresh;
}

// --- messages ---------------------------------------------------------------------------------------------------------

function channelById(id) { return S.screen.channels.find((one) => one.id === id); }
function channelTitle(channel) { return channel.kind === "im" ? S.screen.app.name : "#" + channel.name; }
function face(id, small) {
  const who = person(id);
  const number = [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 8;
  const letter = id === S.screen.app.user ? "◆" : [...who.real_name.trim()][0]?.toUpperCase() || "?";
  return h("span", { class: `face${small ? " small" : ""} ${id === S.screen.app.user ? "bot" : "f" + number}`, "aria-hidden": "true" }, letter);
}
function drawMessage(message, { inThread }) {
  const who = person(message.user);
  const replies = S.screen.messages.filter((one) => one.is_reply && one.thread_ts === message.ts && !one.private);
  const content = S.editing === message.ts ? editor(message) : message.by_app || person(message.user).is_bot ? (message.blocks.length ? drawBlocks(message.blocks, onMessage(message)) : mrkdwn(message.text)) : mrkdwn(message.text);
  return h("article", { class: message.private ? "msg private" : "msg", "data-ts": message.ts, "aria-label": `${who.real_name}: ${firstLine(message.text)}` },
    message.private && h("div", { class: "private-note" }, sign("eye"), " ", t("onlyYou")),
    message.broadcast && !inThread && h("div", { class: "broadcast-note" }, t("inThread"), h("button", { type: "button", onclick: () => openThread(message.thread_ts) }, firstLine(message.root_text))),
    face(message.user),
    h("div", { class: "body" },
      h("div", {}, h("span", { class: "who" }, who.real_name), who.is_bot && h("span", { class: "app-tag" }, t("app")), h("time", { datetime: new Date(seconds(message.ts) * 1000).toISOString() }, clockTime(seconds(message.ts)))),
      h("div", { class: "card" }, content, message.edited && h("span", { class: "quiet" }, " " + t("edited"))),
      Object.keys(message.reactions).length > 0 && h("div", { class: "reactions" }, Object.entries(message.reactions).map(([name, users]) =>
        h("button", { type: "button", "aria-pressed": String(users.includes(S.as)), title: users.map((id) => person(id).real_name).join(", "), onclick: () => act("react", { ...onMessage(message).ref, name }) }, `${emojiOf(name) || `:${name}:`} ${users.length}`))),
      !inThread && replies.length > 0 && h("button", { type: "button", class: "thread-link", onclick: () => openThread(message.ts) },
        face(replies[replies.length - 1].user, true), replies.length === 1 ? t("reply1") : t("replies", replies.length), h("span", { class: "quiet" }, t("lastReply", clockTime(seconds(replies[replies.length - 1].ts)))))),
    tools(message, inThread));
}
function editor(message) {
  const leave = () => { S.editing = null; draw(); };
  const form = writer("reply", t("edit"), async (text) => {
    const done = await act("edit", { channel: message.channel, ts: message.ts, text });
    if (done !== null) leave();
    return done;
  });
  const area = form.querySelector("textarea");
  area.value = asTyped(message.text);
  area.addEventListener("keydown", (event) => escapes(event) && leave());
  setTimeout(() => { area.dispatchEvent(new Event("input")); area.focus(); });
  return form;
}
function tools(message, inThread) {
  const ref = { channel: message.channel, ts: message.ts };
  if (message.private) return h("div", { class: "tools" }, h("button", { type: "button", class: "icon", onclick: () => act("dismiss", ref) }, t("dismiss")));
  const shortcuts = S.screen.shortcuts.filter((one) => one.kind === "message").map((one) => ({ label: one.name, run: () => act("message_shortcut", { ...ref, callback_id: one.callback_id }) }));
  const own = message.user !== S.as ? [] : [
    { label: t("edit"), run: () => { S.editing = message.ts; draw(); } },
    { label: t("remove"), run: () => act("delete", ref) },
  ];
  return h("div", { class: "tools" },
    Object.entries(QUICK).map(([name, drawn]) => h("button", { type: "button", class: "icon", title: t("react", `:${name}:`), "aria-label": t("react", `:${name}:`), onclick: () => act("react", { ...ref, name }) }, sign(drawn))),
    !inThread && h("button", { type: "button", class: "icon", title: t("replyInThread"), "aria-label": t("replyInThread"), onclick: () => openThread(message.thread_ts || message.ts) }, sign("reply")),
    shortcuts.length + own.length > 0 && popMenu(sign("more"), t("more"), [...own, ...shortcuts]));
}

// Redraws only the messages whose facts changed, so that focus and scrolling stay where they are.
function drawFeed(box, list, options) {
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
  const before = new Map([...box.querySelectorAll(":scope > [data-row]")].map((node) => [node.dataset.row, node]));
  const rows = []; let day = "";
  for (const message of list) {
    const key = dayKey(seconds(message.ts));
    if (key !== day && !options.inThread) rows.push(keyed(before, `day ${key}`, key + lang(), () => h("div", { class: "day" }, pretty(seconds(message.ts), LONG))));
    day = key;
    const replies = S.screen.messages.filter((one) => one.thread_ts === message.ts && one.is_reply).length;
    rows.push(keyed(before, `m ${message.ts}`, facts([message, replies, S.editing === message.ts]), () => drawMessage(message, options)));
  }
  const focus = document.activeElement?.dataset?.key; const focusRow = document.activeElement?.closest?.("[data-row]")?.dataset.row;
  if (rows.length !== box.children.length || rows.some((row, index) => row !== box.children[index])) {
    box.replaceChildren(...rows);
    if (focus && focusRow && document.activeElement === document.body) {
      const row = rows.find((one) => one.dataset.row === focusRow);
      [...(row?.querySelectorAll("[data-key]") || [])].find((one) => one.dataset.key === focus)?.focus();
    }
  }
  if (!rows.length) fill(box, h("p", { class: "empty" }, t("noMessages")));
  if (atEnd || box.dataset.shows !== options.shows) box.scrollTop = box.scrollHeight;
  box.dataset.shows = options.shows;
}
// What a drawing depends on; only a relative date also depends on the minute.
function facts(of) {
  const text = JSON.stringify([of, S.as, dayKey(S.screen.now)]);
  return text.includes("{ago}") ? text + Math.floor(S.screen.now / 60) : text;
}
function keyed(before, row, facts, draw) {
  const old = before.get(row);
  if (old && old.facts === facts) return old;
  const fresh = draw();
  fresh.dataset.row = row; fresh.facts = facts;
  return fresh;
}

// --- the parts of the page --------------------------------------------------------------------------------------------

function drawSide() {
  const go = (label, { mark, current, unread, pressed, extra, run }) => h("button", {
    type: "button", class: unread ? "go unread" : "go", "aria-current": current ? "page" : null, "aria-pressed": pressed === undefined ? null : String(pressed), onclick: () => { $("app").classList.remove("side-open"); run(); },
  }, mark, h("span", {}, label), extra, unread && h("span", { class: "dot" }));
  const channels = S.screen.channels;
  const isUnread = (one) => one.latest && one.latest > (S.seen[`${S.as} ${one.id}`] || "") && !(S.place === "channel" && one.id === S.channel);
  const im = channels.find((one) => one.kind === "im");
  const here = (id) => S.place === "channel" && S.channel === id;
  fill($("side"),
    h("div", { class: "brand" }, S.screen.team),
    h("h2", {}, t("people")),
    Object.values(S.screen.people).filter((one) => !one.is_bot && !one.deleted).map((one) => go(one.real_name, {
      mark: face(one.id, true), pressed: one.id === S.as, extra: one.role && h("span", { class: "role" }, t(one.role)), run: () => become(one.id),
    })),
    h("h2", {}, t("channels")),
    channels.filter((one) => one.kind !== "im").map((one) => go(one.name, { mark: h("span", { class: "sign" }, one.kind === "groups" ? sign("lock") : "#"), current: here(one.id), unread: isUnread(one), run: () => goChannel(one.id) })),
    h("h2", {}, t("direct")),
    go(S.screen.app.name, { mark: face(S.screen.app.user, true), current: S.place === "home" || (im && here(im.id)), unread: im && isUnread(im), run: goHome }),
    h("div", { class: "state" }, h("span", { class: S.screen.app.connected ? "lamp on" : "lamp" }), S.screen.app.connected ? t("connected") : t("silent")));
}
function drawTop() {
  const menu = h("button", { type: "button", id: "menu", class: "icon", "aria-label": t("menu"), onclick: () => $("app").classList.toggle("side-open") }, sign("menu"));
  const channel = channelById(S.channel);
  const im = S.screen.channels.find((one) => one.kind === "im");
  const ofApp = S.place === "home" || channel?.kind === "im";
  if (ofApp) {
    fill($("top"), menu, h("h1", {}, S.screen.app.name), h("div", { class: "tabs", role: "tablist" },
      h("button", { type: "button", role: "tab", "aria-selected": String(S.place === "home"), onclick: goHome }, t("home")),
      im && h("button", { type: "button", role: "tab", "aria-selected": String(S.place !== "home"), onclick: () => goChannel(im.id) }, t("messages"))));
    return;
  }
  fill($("top"), menu, h("h1", {}, channel ? channelTitle(channel) : ""), channel?.kind === "groups" && h("span", { class: "note" }, sign("lock"), " ", t("isPrivate")), channel?.is_archived && h("span", { class: "note" }, t("archived")));
}
function drawMain() {
  const feed = $("feed");
  if (S.place === "home") {
    const key = facts(S.screen.home);
    $("composer").hidden = true;
    if (feed.dataset.home === key) return;
    const top = feed.dataset.home ? feed.scrollTop : 0;
    const focus = document.activeElement?.dataset?.key;
    if (S.screen.home) keepTyped(S.screen.home);
    fill(feed, h("div", { class: "home" }, S.screen.home ? drawBlocks(S.screen.home.blocks, onView(S.screen.home)) : h("p", { class: "empty" }, t("noHome"))));
    if (focus) [...feed.querySelectorAll("[data-key]")].find((one) => one.dataset.key === focus)?.focus();
    feed.dataset.home = key; feed.dataset.shows = "home"; feed.scrollTop = top;
    return;
  }
  if (feed.dataset.home) { delete feed.dataset.home; feed.replaceChildren(); }
  $("composer").hidden = !S.channel;
  drawFeed(feed, S.screen.messages.filter((one) => !one.is_reply || one.broadcast || (one.private && !one.thread_ts)), { inThread: false, shows: `${S.as} ${S.channel}` });
  const channel = channelById(S.channel);
  if (channel) S.seen[`${S.as} ${channel.id}`] = channel.latest;
}
function drawThread() {
  const box = $("thread");
  const root = S.thread && S.screen.messages.find((one) => one.ts === S.thread);
  const open = S.place === "channel" && Boolean(root);
  box.hidden = !open;
  $("app").classList.toggle("with-thread", open);
  if (!open) { delete box.dataset.shows; return; }
  const key = `${S.as} ${S.thread}`;
  if (box.dataset.shows !== key) {
    box.dataset.shows = key;
    const also = h("input", { type: "checkbox" });
    fill(box,
      h("header", { class: "pane-top" }, h("h2", {}, t("thread")), h("button", { type: "button", class: "icon push", "aria-label": t("close"), onclick: () => openThread(null) }, sign("close"))),
      h("div", { class: "replies", tabindex: "0", "aria-label": t("thread") }),
      writer("reply", t("reply"), (text) => act("say", { channel: S.channel, text, thread_ts: S.thread, broadcast: also.checked }), [],
        h("label", { class: "also" }, also, t("alsoChannel", channelTitle(channelById(S.channel))))));
  }
  drawFeed(box.querySelector(".replies"), [root, ...S.screen.messages.filter((one) => one.thread_ts === S.thread && one.ts !== S.thread)], { inThread: true, shows: key });
}
function writer(kind, placeholder, send, before, after) {
  const area = h("textarea", { rows: 1, placeholder, "aria-label": placeholder });
  const button = h("button", { type: "submit", class: "send", disabled: true }, t("send"));
  const fit = () => { area.style.height = "auto"; area.style.height = `${area.scrollHeight}px`; button.disabled = !area.value.trim(); };
  const submit = async () => {
    const text = area.value.trim();
    if (!text) return;
    area.value = ""; fit();
    if ((await send(text)) === null) { area.value ||= text; fit(); }
  };
  area.addEventListener("input", fit);
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) { event.preventDefault(); submit(); }
  });
  const form = h(kind === "composer" ? "div" : "form", { class: kind }, h("div", { class: "box" }, before, area, button), after);
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  form.send = submit;
  return form;
}
function drawComposer() {
  const form = $("composer"); const channel = channelById(S.channel);
  const key = `${S.as} ${S.channel} ${lang()} ${S.screen.shortcuts.length} ${S.screen.commands.length}`;
  if (form.dataset.shows === key || !channel) return;
  form.dataset.shows = key;
  const menu = popMenu(sign("bolt"), t("shortcuts"), [
    ...S.screen.shortcuts.filter((one) => one.kind === "global").map((one) => ({ label: one.name, run: () => act("shortcut", { callback_id: one.callback_id }) })),
    ...S.screen.commands.map((one) => ({ label: `${one.name} ${one.hint}`, run: () => { const area = form.querySelector("textarea"); area.value = one.name + " "; area.dispatchEvent(new Event("input")); area.focus(); } })),
  ]);
  const inner = writer("composer", t("write", channelTitle(channel)), (text) => act("say", { channel: S.channel, text }), [menu]);
  form.onsubmit = (event) => { event.preventDefault(); inner.send(); };
  fill(form, ...inner.childNodes);
}

// --- modals -----------------------------------------------------------------------------------------------------------

function drawModal() {
  const view = S.screen.modals[S.screen.modals.length - 1];
  const key = JSON.stringify([view?.id, view?.hash, S.errors[view?.id], S.confirm && S.confirm.number, S.as]);
  if (key === S.drawnModal) return;
  const other = !S.drawnModal.includes(view?.id || "none");
  if (S.drawnModal === "" || !$("overlay").firstChild) S.returnTo = document.activeElement;
  S.drawnModal = key;
  const overlay = $("overlay");
  const focus = document.activeElement?.dataset?.key; const scroll = overlay.querySelector(".content")?.scrollTop || 0;
  const caret = document.activeElement?.selectionStart;
  if (view) keepTyped(view);
  fill(overlay, view && modalNode(view), S.confirm && confirmNode(S.confirm));
  $("app").inert = Boolean(view || S.confirm);
  if (S.confirm) { overlay.querySelector(".confirm .btn.yes").focus(); return; }
  if (!view) { if (S.returnTo?.isConnected) S.returnTo.focus(); return; }
  const content = overlay.querySelector(".content");
  const wrong = overlay.querySelector("[aria-invalid]") || overlay.querySelector(".wrong input");
  const again = focus && !other && [...overlay.querySelectorAll("[data-key]")].find((one) => one.dataset.key === focus);
  if (!other) content.scrollTop = scroll;
  (wrong || again || overlay.querySelector("[autofocus]") || content.querySelector("input, select, textarea") || overlay.querySelector("footer .btn.primary") || overlay.querySelector(".btn, .icon"))?.focus();
  if (again && caret !== undefined && caret !== null) { try { again.setSelectionRange(caret, caret); } catch { /* not a text field */ } }
}
function modalNode(view) {
  const on = onView(view);
  const node = h("form", { novalidate: true, autocomplete: "off" },
    h("header", {}, face(S.screen.app.user, true), h("h2", { id: "modal-title" }, words(view.title)), h("button", { type: "button", class: "icon", "aria-label": t("close"), onclick: () => act("close", { everything: true }) }, sign("close"))),
    h("div", { class: "content" }, drawBlocks(view.blocks, on)),
    h("footer", {},
      h("button", { type: "button", class: "btn", onclick: () => act("close", {}) }, view.close ? words(view.close) : view.submit ? t("cancel") : t("close")),
      view.submit && h("button", { type: "submit", class: "btn primary" }, words(view.submit))));
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!view.submit || node.classList.contains("busy")) return;
    node.classList.add("busy");
    const answer = await act("submit", { view: view.id, typed: on.typed });
    node.classList.remove("busy");
    if (answer) { S.errors[view.id] = Object.keys(answer.errors).length ? answer.errors : undefined; await refresh(); }
  });
  const shade = h("div", { class: "shade" }, h("div", { class: "modal", role: "dialog", "aria-modal": "true", "aria-labelledby": "modal-title" }, node));
  shade.addEventListener("keydown", (event) => {
    if (escapes(event)) act("close", {});
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) { event.preventDefault(); node.requestSubmit(); }
    if (event.key === "Tab") keepFocusIn(node, event);
  });
  return shade;
}
function keepFocusIn(node, event) {
  const all = [...node.querySelectorAll("a[href], button, input, select, textarea")].filter((one) => !one.disabled && one.offsetParent);
  const edge = event.shiftKey ? all[0] : all[all.length - 1];
  if (document.activeElement === edge) { event.preventDefault(); (event.shiftKey ? all[all.length - 1] : all[0]).focus(); }
}
let confirmNumber = 0;
function confirmed(dialog) {
  return new Promise((resolve) => { S.confirm = { ...dialog, number: ++confirmNumber, resolve, back: document.activeElement }; drawModal(); });
}
function confirmNode(dialog) {
  const end = (answer) => { S.confirm = null; drawModal(); dialog.back?.focus?.(); dialog.resolve(answer); };
  const node = h("div", { class: "modal confirm", role: "alertdialog", "aria-modal": "true", "aria-labelledby": "confirm-title" },
    h("header", {}, h("h2", { id: "confirm-title" }, words(dialog.title))), h("div", { class: "content" }, textObject(dialog.text)),
    h("footer", {}, h("button", { type: "button", class: "btn", onclick: () => end(false) }, words(dialog.deny)),
      h("button", { type: "button", class: dialog.style === "danger" ? "btn danger filled yes" : "btn primary yes", onclick: () => end(true) }, words(dialog.confirm))));
  const shade = h("div", { class: "shade" }, node);
  shade.addEventListener("keydown", (event) => { if (escapes(event)) end(false); if (event.key === "Tab") keepFocusIn(node, event); });
  return shade;
}

// --- moving about -----------------------------------------------------------------------------------------------------

function remember() {
  const place = new URLSearchParams({ as: person(S.as).name || S.as, ...(S.place === "home" ? { home: "1" } : { channel: S.channel || "" }), ...(S.thread ? { thread: S.thread } : {}) });
  history.replaceState(null, "", `?${place}`);
}
async function become(id) {
  S.as = id; S.thread = null; S.errors = {}; S.notices = null;
  await refresh();
  if (S.place === "home") act("open_home", {});
  if (S.place === "channel" && !channelById(S.channel)) goChannel(S.screen.channels.find((one) => one.name)?.id || null);
  remember();
}
async function goChannel(id) { S.place = "channel"; S.channel = id; S.thread = null; await refresh(); remember(); if (channelById(id)?.kind === "im") act("open_home", { tab: "messages" }); }
async function goHome() { S.place = "home"; S.thread = null; await refresh(); remember(); act("open_home", {}); }
async function openThread(ts) { S.thread = ts; draw(); remember(); if (ts) $("thread").querySelector("textarea")?.focus(); }

function draw() {
  document.documentElement.lang = lang();
  document.title = `${S.screen.me.real_name} – ${S.screen.team}`;
  drawSide(); drawTop(); drawComposer(); drawMain(); drawThread(); drawModal();
}
function showNotices() {
  const fresh = S.screen.notices;
  const newest = fresh.length ? fresh[fresh.length - 1].number + 1 : 0;
  if (S.notices !== null) fresh.filter((one) => one.number >= S.notices).forEach((one) => toast(one.text));
  S.notices = Math.max(S.notices || 0, newest);
}
let loading = null; let again = false;
async function refresh() {
  if (loading) { again = true; return loading; }
  loading = (async () => {
    do {
      again = false;
      const asked = S.as;
      const screen = await ask(`/sandbox/screen?${new URLSearchParams({ as: S.as, channel: S.channel || "" })}`);
      if (asked !== S.as || screen.channel !== (S.channel || null)) { again = true; continue; }
      S.screen = screen;
      showNotices(); draw();
    } while (again);
  })().finally(() => { loading = null; });
  return loading;
}
function listen() {
  const stream = new EventSource("/sandbox/stream");
  stream.onmessage = () => refresh().catch(() => {});
  stream.onopen = stream.onmessage; // also after a break: something may have changed meanwhile
}
async function begin() {
  S.cast = await ask("/sandbox/cast");
  const wish = new URLSearchParams(location.search);
  S.as = (S.cast.people.find((one) => [one.id, one.name].includes(wish.get("as"))) || S.cast.people[0]).id;
  S.channel = (S.cast.channels.find((one) => [one.id, one.name].includes(wish.get("channel"))) || S.cast.channels[0])?.id || null;
  S.thread = wish.get("thread"); S.place = wish.get("home") ? "home" : "channel"; S.notices = null;
  await refresh();
  if (S.place === "home") act("open_home", {});
  listen();
  setInterval(() => refresh().catch(() => {}), 30000); // the minutes on a card move on by themselves
  $("app").addEventListener("click", (event) => { if (event.target === $("app")) $("app").classList.remove("side-open"); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") $("app").classList.remove("side-open"); });
}
begin().catch((problem) => toast(problem.message));
