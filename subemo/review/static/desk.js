// The cue that is looked at, and what a person says of it.
import { $, clock, guessOf, hueOf, isJudged, make, now, say } from "./base.js";
import { list } from "./list.js";
import { reload } from "./main.js";
import { captionLater, hear, isThrough } from "./player.js";
import { wave } from "./wave.js";

const targets = () => (now.chosen.size > 1 ? [...now.chosen] : [now.current]);
const buttons = [];
export const select = (i, how = {}) => {
  if (i === undefined || !now.cues[i]) return;
  const before = [...now.chosen, now.current];
  now.current = i;
  now.chosen = how.keep ? now.chosen.add(i) : new Set([i]);
  list.reveal(i, how.follow || how.middle);
  list.repaint(new Set([...before, ...now.chosen]));
  wave.choose();
  desk();
};
export const buildDesk = () => {
  now.data.emotions.forEach((emotion, n) => {
    const button = make("button");
    button.type = "button";
    const name = make("span", "name", emotion.name);
    const bar = make("span", "bar");
    name.append(" ", make("kbd", "", String(n + 1)));
    bar.append(make("i"));
    button.append(name, bar);
    button.addEventListener("click", () => judge(hears(emotion.name)));
    $("emotions").append(button);
    buttons.push(button);
  });
};
export const desk = () => {
  const cue = now.cues[now.current];
  const several = targets().length;
  document.body.classList.toggle("empty", !cue);
  for (const button of $("desk").querySelectorAll("button")) button.disabled = !cue;
  if (!cue) {
    $("desk-title").textContent = "No cue";
    $("shown").textContent = "";
    return;
  }
  $("desk-title").textContent = several > 1 ? `${several} cues` : nameOfCue(now.current);
  $("desk").classList.toggle("sound", Boolean(cue.sound));
  $("when").textContent = `${clock(cue.start, 2)} – ${clock(cue.end, 2)}${cue.speaker ? ` · ${cue.speaker}` : ""}`;
  $("reading").textContent = cue.sound
    ? "between the cues"
    : cue.over.length
      ? cue.over.join("; ")
      : `${cue.cps} characters a second`;
  $("reading").classList.toggle("over", cue.over.length > 0);
  const tag = make("span", "tag", cue.shown ? `${cue.shown}${cue.above ? "\n" : " "}` : "");
  tag.style.color = hueOf(cue.tag);
  $("shown").replaceChildren(tag, cue.text.slice(0, 2000));
  $("why").textContent = whyOf(cue);
  $("why").title = $("why").textContent;
  const said = cue.judged?.heard;
  now.data.emotions.forEach((emotion, n) => {
    const button = buttons[n];
    const probability = cue.p ? cue.p[n] : 0;
    button.setAttribute("aria-pressed", String(emotion.name === said));
    button.style.setProperty("--hue", hueOf(emotion.name));
    button.querySelector("i").style.width = `${100 * probability}%`;
    button.title = cue.p ? `${emotion.name}: ${Math.round(100 * probability)} %` : emotion.name;
    button.disabled = Boolean(cue.sound);
  });
  $("force").setAttribute("aria-pressed", String(Boolean(cue.judged && cue.judged.shown === "tag")));
  $("clear").setAttribute("aria-pressed", String(Boolean(cue.judged && cue.judged.shown === "nothing")));
  const guess = guessOf(cue);
  $("agree").firstChild.textContent = cue.sound ? "Keep the sound " : guess ? `Agree: ${proposed(cue)} ` : "Agree ";
  $("agree").disabled = !guess && !cue.sound;
  $("clear").firstChild.textContent = cue.sound ? "Remove " : "No tag ";
  for (const id of ["force", "own-open", "edit-open"]) $(id).disabled = Boolean(cue.sound);
};
const nameOfCue = (i) => (now.cues[i].sound ? "A sound" : `Cue ${i + 1} of ${now.data.count}`);
const proposed = (cue) => (now.emotionOf[cue.tag] ? cue.tag : guessOf(cue).emotion.name);
const whyOf = (cue) => {
  if (cue.sound)
    return cue.shown ? `A cue of its own shows ${cue.shown} (${cue.reason}).` : `Not shown: ${cue.reason}.`;
  const detail = cue.detail ? ` (${cue.detail})` : "";
  if (cue.judged && cue.judged.shown === "own") return "Shows your own tag.";
  if (cue.judged && cue.judged.shown === "nothing") return "Shows no tag, as you chose.";
  const heardBy = cue.judged?.heard ? `You heard ${cue.judged.heard}. ` : "";
  return cue.shown ? `${heardBy}Shows ${cue.shown}${detail}.` : `${heardBy}Shows nothing: ${cue.reason}${detail}.`;
};

// What a key makes of a cue's judgement; what was changed of its text and times stays.
const over = (cue, judged) => ({ ...(cue.judged || {}), own: undefined, agreed: undefined, ...judged });
export const hears = (name) => (cue) => (cue.sound ? undefined : over(cue, { heard: name, shown: "rules" }));
export const agrees = (cue) => (cue.sound ? { heard: null, shown: "kept" } : agreesWithGuess(cue));
const agreesWithGuess = (cue) =>
  guessOf(cue) ? over(cue, { heard: proposed(cue), shown: "rules", agreed: true }) : undefined;
export const clears = (cue) => (cue.sound ? { heard: null, shown: "nothing" } : clearsTag(cue));
const clearsTag = (cue) => over(cue, { heard: cue.judged?.heard || null, shown: "nothing" });
export const forces = (cue) => {
  const guess = guessOf(cue);
  const name = cue.judged?.heard || (guess && proposed(cue));
  if (!name) return undefined;
  return over(cue, { heard: name, shown: cue.judged && cue.judged.shown === "tag" ? "rules" : "tag" });
};
export const owns = (text) => (cue) =>
  cue.sound ? undefined : over(cue, { heard: cue.judged?.heard || null, shown: "own", own: text });

// What cues were judged as whose answer is still to come: an answer to an earlier key must not undo it.
const waiting = new Map();
export const judge = (saying, { advances = true } = {}) => {
  if (!now.cues.length) return null;
  const about = targets();
  const changes = {};
  for (const i of about) {
    const judged = saying(now.cues[i]);
    if (judged !== undefined) changes[i] = judged;
  }
  if (!Object.keys(changes).length) {
    say(now.cues[now.current].sound ? "A sound is kept (Enter) or removed (0)." : "There is no proposal for this cue.");
    return null;
  }
  // Seen at once; what it comes to is told by whoever decides.
  const request = {};
  for (const [i, judged] of Object.entries(changes)) {
    const cue = now.cues[i];
    const isMoved = judged?.new_start !== undefined && judged.new_start !== cue.judged?.new_start;
    const seen = { judged, ...(isMoved && { start: judged.new_start, end: judged.new_end }) };
    now.cues[i] = { ...cue, ...seen };
    waiting.set(Number(i), { request, seen: { ...waiting.get(Number(i))?.seen, ...seen } });
  }
  const told = settle(now.backend.judge(changes), about, request);
  list.repaint(about);
  if (advances) advance(about);
  else desk();
  return told;
};
export const advance = (about) => {
  if (isThrough()) {
    desk();
    return;
  }
  const next = list.nextOpen(about[about.length - 1]);
  if (next === undefined) {
    say("Nothing is left to check. P publishes.");
    desk();
    return;
  }
  select(next);
  hear(next);
};
const settle = async (answer, about, request) => {
  try {
    const told = await answer;
    for (const [i, one] of waiting) if (one.request === request) waiting.delete(i);
    take(told, about);
    saved();
    return null;
  } catch (error) {
    waiting.clear();
    saved(error.message);
    await reload();
    say(error.message, { stays: true });
    return error.message;
  }
};
export const take = (told, about) => {
  const indices = Object.keys(told.cues).map(Number);
  // Of a cue that shows what it showed, Python tells what is different alone.
  for (const i of indices) Object.assign(now.cues[i], told.cues[i], waiting.get(i)?.seen);
  captionLater(indices);
  const isMoved = indices.some(
    (i) => now.byStart.length && (now.cues[i].sound || (told.cues[i].judged && "new_start" in told.cues[i].judged)),
  );
  Object.assign(now.data, { ...told, cues: undefined, touched: undefined });
  if (isMoved) sortByStart();
  overall();
  list.repaint(indices);
  list.moved(told.moved);
  if (list.filter !== "all" || list.order === "priority" || isMoved) resift(about);
  wave.redraw();
  desk();
  if (told.moved.length)
    say(`With that ${told.moved.length} other ${told.moved.length === 1 ? "cue shows" : "cues show"} something else.`);
};
let sifting = null;
// The order and the filter follow a moment later, so that the list does not jump under the keys.
const resift = () => {
  clearTimeout(sifting);
  sifting = setTimeout(() => {
    list.sift();
    list.reveal(now.current);
  }, 300);
};
export const sortByStart = () => {
  // A sound that has no cue and that nobody removed is no more than a sound of the film.
  const isListed = (cue) => !cue.sound || Boolean(cue.shown) || isJudged(cue);
  now.byStart = now.cues
    .map((_, i) => i)
    .filter((i) => isListed(now.cues[i]))
    .sort((a, b) => now.cues[a].start - now.cues[b].start || a - b);
};
export const goBack = async (way) => {
  const request = way === "undo" ? now.backend.undo() : now.backend.redo();
  try {
    const told = await request;
    take(told, told.touched);
    if (told.touched.length) {
      select(told.touched[0]);
      say(way === "undo" ? "Undone." : "Redone.");
    } else say(`Nothing to ${way}.`);
    list.sift();
    list.reveal(now.current);
  } catch (error) {
    say(error.message);
  }
};
export const overall = () => {
  const { done, total } = now.data;
  $("count").textContent = total ? `${done} of ${total} checked` : "Nothing to check";
  $("meter").setAttribute("aria-valuemax", String(Math.max(1, total)));
  $("meter").setAttribute("aria-valuenow", String(done));
  $("meter").firstElementChild.style.width = `${(100 * done) / Math.max(1, total)}%`;
  $("undo").disabled = !now.data.can_undo;
  $("redo").disabled = !now.data.can_redo;
};
export const saved = (error) => {
  $("saved").classList.toggle("bad", Boolean(error));
  $("saved").textContent = error ? "Not saved" : `Saved in ${now.data.judged_file}`;
  $("saved").title = error || "";
  if (!error && $("toast").classList.contains("stays")) say("", { stays: true });
};
export const nudge = (ms) =>
  judge(
    (cue) =>
      cue.sound
        ? undefined
        : over(cue, {
            heard: cue.judged?.heard || null,
            shown: cue.judged?.shown || "rules",
            own: cue.judged?.own,
            new_start: Math.max(0, cue.start + ms),
            new_end: cue.end + ms,
          }),
    { advances: false },
  );
