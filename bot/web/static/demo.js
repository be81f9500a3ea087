// The demo page of an invented firm: shows it in Japanese or English (?lang=en), opens the chat, links to the stand-ins.

const language = new URLSearchParams(location.search).get("lang") === "en" ? "en" : "ja";
document.documentElement.lang = language;
document.title = { ja: "Asahi Flow｜業務改善クラウド", en: "Asahi Flow: everyday operations, flowing" }[language];

document.addEventListener("DOMContentLoaded", async () => {
  for (const button of document.querySelectorAll("[data-opens-chat]")) {
    button.addEventListener("click", () => window.bantline?.open());
  }
  const links = await fetch("/demo/links.json").then((response) => (response.ok ? response.json() : {})).catch(() => ({}));
  for (const link of document.querySelectorAll("[data-link]")) {
    const address = links[link.dataset.link];
    if (!/^(https?:\/)?\/[^/\s]*/.test(address ?? "")) continue;
    link.href = address;
    link.hidden = link.parentElement.hidden = false;
  }
});
