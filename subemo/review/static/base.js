export const $ = (id) => document.getElementById(id);
export const make = (name, className, text) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};
const two = (n) => String(n).padStart(2, "0");
export const clock = (ms, digits = 0) => {
  const all = Math.max(0, Math.round(ms));
  const seconds = Math.floor(all / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const thousandths = String(all % 1000).padStart(3, "0");
  const rest = digits ? `.${thousandths.slice(0, digits)}` : "";
  return `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}${rest}`;
};
export const film = $("film");
export const bounded = (value, low, high) => Math.min(high, Math.max(low, value));

// All that is known, as the backend told it last; `chosen` holds the cues that an action is about.
export const now = { backend: null, data: null, emotionOf: {}, cues: [], current: 0, chosen: new Set(), byStart: [] };

export const hueOf = (name) => {
  const emotion = now.emotionOf[name];
  if (!emotion) return "";
  return isLight() ? emotion.paper : emotion.colour;
};
// Looked up once a change of theme, since thousands of cues ask.
export const prefersLight = matchMedia("(prefers-color-scheme: light)");
let light = false;
export const readTheme = () => {
  const chosen = document.documentElement.dataset.theme;
  light = chosen ? chosen === "light" : prefersLight.matches;
};
export const isLight = () => light;
export const guessOf = (cue) => {
  if (!cue.p) return null;
  const best = cue.p.indexOf(Math.max(...cue.p));
  return { emotion: now.data.emotions[best], probability: cue.p[best] };
};
export const isJudged = (cue) => Boolean(cue.judged && (cue.judged.heard || cue.judged.shown !== "rules"));
export const isEdited = (cue) =>
  Boolean(cue.judged && ("text" in cue.judged || "new_start" in cue.judged || "new_end" in cue.judged));
export const isOpen = (cue) => cue.check && !isJudged(cue);
// The emotion by which a cue is coloured: what it shows, else what is heard in it, else what is likely.
// A tag of a sound, a shout or a whisper is no mood.
export const moodOf = (cue) => {
  if (cue.tag) return now.emotionOf[cue.tag] ? cue.tag : "";
  if (cue.judged?.heard) return cue.judged.heard;
  const guess = guessOf(cue);
  return guess ? guess.emotion.name : "";
};
export const shownText = (cue) => {
  if (cue.sound) return cue.shown;
  if (!cue.shown) return cue.text;
  return cue.text ? `${cue.shown}${cue.above ? "\n" : " "}${cue.text}` : cue.shown;
};

// Lets the browser draw and answer keys between two pieces of work.
export const pause = () =>
  new Promise((done) => {
    setTimeout(done);
  });
let toasting = null;
// What went wrong stays until it goes right, or something else is told.
export const say = (text, { stays = false } = {}) => {
  $("toast").textContent = text;
  $("toast").classList.toggle("on", Boolean(text));
  $("toast").classList.toggle("stays", stays);
  clearTimeout(toasting);
  if (!stays) toasting = setTimeout(() => say("", { stays: true }), 4000);
};
// The theme: the screen's own, light or dark. A cookie, since the studio is at another port each time,
// which is another origin to localStorage; a page that is a file has no cookies.
export const THEMES = ["system", "light", "dark"];
export const themeNow = () => document.documentElement.dataset.theme || "system";
export const rememberedTheme = () => {
  const found = /(?:^|; )subemo-theme=(\w+)/.exec(document.cookie);
  const name = found ? found[1] : kept.get("subemo-theme");
  return THEMES.includes(name) ? name : "system";
};
export const useTheme = (name) => {
  if (name === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  const label = { system: "Theme: as the screen", light: "Theme: light", dark: "Theme: dark" }[name];
  $("theme").setAttribute("aria-label", label);
  $("theme").title = label;
  $("theme").dataset.shown = name;
};
export const keepTheme = (name) => {
  // biome-ignore lint/suspicious/noDocumentCookie: Firefox has the store of cookies for secure origins alone
  document.cookie = `subemo-theme=${name}; path=/; max-age=31536000; samesite=strict`;
  kept.set("subemo-theme", name);
};
export const kept = {
  get: (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set: (key, value) => {
    try {
      localStorage.setItem(key, value);
      return true;
    } catch {
      return false;
    }
  },
};
