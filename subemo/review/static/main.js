// Keys, buttons, and how the page begins and ends.
import { Offline, Served } from "./backend.js";
import {
  $,
  clock,
  film,
  isOpen,
  keepTheme,
  make,
  now,
  pause,
  prefersLight,
  readTheme,
  rememberedTheme,
  say,
  THEMES,
  themeNow,
  useTheme,
} from "./base.js";
import {
  agrees,
  buildDesk,
  clears,
  desk,
  forces,
  goBack,
  hears,
  judge,
  nudge,
  overall,
  saved,
  select,
  sortByStart,
} from "./desk.js";
import { buildExports, openEdit, openKeys, openOwn, openPublish, publishKinds, showPublish } from "./dialogs.js";
import { list } from "./list.js";
import {
  addCaptions,
  captionLater,
  colourCaptions,
  faster,
  hear,
  isFollowing,
  isLooping,
  playAt,
  seek,
  setFollow,
  setLoop,
  shift,
  showCopy,
  speeds,
  toggle,
} from "./player.js";
import { wave } from "./wave.js";

// The picture shows the cue that is looked at, unless the film plays.
const goTo = (i) => {
  select(i);
  if (i !== undefined && film.paused) seek(now.cues[i].start);
};
const move = (by) => goTo(list.step(now.current, by));
const extend = (by) => {
  const next = list.step(now.current, by);
  if (next === undefined) return;
  anchor = now.chosen.size > 1 ? anchor : now.current;
  now.chosen = new Set(list.range(anchor, next));
  select(next, { keep: true });
};
let anchor = 0;
const theme = () => {
  const next = THEMES[(THEMES.indexOf(themeNow()) + 1) % THEMES.length];
  useTheme(next);
  keepTheme(next);
  say($("theme").title);
  repaint();
};
const repaint = () => {
  wave.read();
  if (now.data) {
    list.repaintAll();
    desk();
  }
};
const hearEmotion = (n) => judge(hears(now.data.emotions[n].name));
const force = () => judge(forces, { advances: false });
const unjudge = () => judge(() => null, { advances: false });
const toNextOpen = () => {
  const i = list.nextOpen(now.current);
  select(i);
  if (i === undefined) say("Nothing is left to check.");
  else hear(i);
};
const loop = () => {
  setLoop(!isLooping);
  if (isLooping) hear(now.current);
};
const reorder = () => {
  list.sort(list.order === "time" ? "priority" : "time");
  say(list.order === "priority" ? "Most worth checking first." : "By time.");
};
const findWords = () => {
  document.body.classList.add("listing");
  $("find").focus();
  $("find").select();
};
const action = (keys, shown, help, run) => ({ keys, shown, help, run });
const served = (...parts) => ({ ...action(...parts), isServed: true });
const ACTIONS = [
  action(["Enter"], "Enter", "accept the proposal and go on", () => judge(agrees)),
  action(["1"], "1 – 8", "judge the emotion and go on to the next open cue", () => hearEmotion(0)),
  ...[1, 2, 3, 4, 5, 6, 7].map((n) => action([String(n + 1)], "", "", () => hearEmotion(n))),
  action(["0", "Delete"], "0", "show no tag here and go on", () => judge(clears)),
  action(["s"], "S", "always show the tag here; press again to follow the rules", force),
  served(["t"], "T", "write your own tag", openOwn),
  served(["e"], "E", "edit text and times", openEdit),
  action(["Backspace"], "Backspace", "remove the judgement", unjudge),
  action(["ArrowDown", "j"], "↓", "next cue", () => move(1)),
  action(["ArrowUp", "k"], "↑", "previous cue", () => move(-1)),
  action(["PageDown"], "Page ↓", "ten cues forward; Page ↑ back", () => move(10)),
  action(["PageUp"], "", "", () => move(-10)),
  action(["Home"], "Home, End", "first cue, last cue", () => goTo(list.ends()[0])),
  action(["End"], "", "", () => goTo(list.ends()[1])),
  action(["n"], "N", "next cue to check", toNextOpen),
  action(["Shift+ArrowDown"], "Shift ↑ ↓", "select several cues", () => extend(1)),
  action(["Shift+ArrowUp"], "", "", () => extend(-1)),
  action([" "], "Space", "play, pause", toggle),
  action(["r"], "R", "play the cue", () => hear(now.current)),
  action(["l"], "L", "loop the cue", loop),
  action(["ArrowLeft"], "← →", "one second back, forward", () => shift(-1000)),
  action(["ArrowRight"], "", "", () => shift(1000)),
  action(["<", "["], "[ ]", "slower, faster", () => faster(-1)),
  action([">", "]"], "", "", () => faster(1)),
  served(["Alt+ArrowLeft"], "Alt ← →", "move the cue by 40 ms", () => nudge(-40)),
  served(["Alt+ArrowRight"], "", "", () => nudge(40)),
  action(["+", "="], "+ −", "zoom in, out", () => wave.zoom(0.6)),
  action(["-"], "", "", () => wave.zoom(1 / 0.6)),
  action(["g"], "G", "the list follows the film", () => setFollow(!isFollowing)),
  action(["o"], "O", "sort by time, or most worth checking first", reorder),
  action(["f"], "F", "show only cues to check, or all", () => list.show(list.filter === "open" ? "all" : "open")),
  action(["/", "Ctrl+f"], "/", "find", findWords),
  action(["u", "Ctrl+z"], "U", "undo", () => goBack("undo")),
  action(["y", "Ctrl+y", "Ctrl+Shift+z", "Shift+u"], "Y", "redo", () => goBack("redo")),
  action(["p"], "P", "publish", openPublish),
  action(["?", "h"], "?", "show these keys", openKeys),
];
const byKey = new Map(ACTIONS.flatMap((action) => action.keys.map((key) => [key, action])));
const nameOf = (event) => {
  const key = event.key.length === 1 && event.key !== " " ? event.key.toLowerCase() : event.key;
  const isSign = event.key.length === 1 && event.key.toLowerCase() === event.key.toUpperCase();
  const held = [
    (event.ctrlKey || event.metaKey) && "Ctrl",
    event.altKey && "Alt",
    event.shiftKey && !isSign && "Shift",
  ].filter(Boolean);
  return [...held, key].join("+");
};
document.addEventListener("keydown", (event) => {
  if (!now.data || document.querySelector("dialog[open]") || event.isComposing) return;
  const at = event.target;
  if (at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement) {
    if (event.key === "Escape" || event.key === "Enter") {
      event.preventDefault();
      $("cues").focus();
      if (event.key === "Enter") move(0);
    }
    return;
  }
  if (at instanceof HTMLSelectElement) return;
  if (at instanceof HTMLButtonElement && (event.key === " " || event.key === "Enter")) return;
  if (at === $("timeline") && ["Home", "End"].includes(event.key)) {
    event.preventDefault();
    seek(event.key === "Home" ? 0 : now.data.duration);
    return;
  }
  if (event.key === "Escape") {
    now.chosen = new Set([now.current]);
    select(now.current);
    document.body.classList.remove("listing");
    return;
  }
  const found = byKey.get(nameOf(event));
  if (!found || (found.isServed && now.backend instanceof Offline)) return;
  event.preventDefault();
  found.run();
});

const on = (id, run) =>
  $(id).addEventListener("click", () => {
    if (now.data) run();
  });
on("undo", () => goBack("undo"));
on("redo", () => goBack("redo"));
on("help", openKeys);
on("publish-open", openPublish);
on("back", () => shift(-1000));
on("forth", () => shift(1000));
on("play", toggle);
on("replay", () => hear(now.current));
on("loop", () => setLoop(!isLooping));
on("follow", () => setFollow(!isFollowing));
on("speed", () => (film.playbackRate >= 2 ? faster(-speeds.length) : faster(1)));
on("agree", () => judge(agrees));
on("clear", () => judge(clears));
on("force", force);
on("own-open", openOwn);
on("edit-open", openEdit);
on("previous", () => move(-1));
on("next", () => move(1));
on("zoom-in", () => wave.zoom(0.6));
on("zoom-out", () => wave.zoom(1 / 0.6));
on("list-open", () => {
  document.body.classList.add("listing");
  list.sift();
  // How many rows there is room for is known with the next picture.
  requestAnimationFrame(() => requestAnimationFrame(() => list.reveal(now.current, true)));
});
on("list-close", () => document.body.classList.remove("listing"));
$("theme").addEventListener("click", theme);
$("filter").addEventListener("change", (event) => list.show(event.target.value));
$("order").addEventListener("change", (event) => list.sort(event.target.value));
$("find").addEventListener("input", (event) => list.find(event.target.value));
$("cues").addEventListener("click", (event) => {
  const row = event.target.closest(".cue");
  if (!row) return;
  const i = Number(row.dataset.cue);
  if (event.shiftKey) {
    now.chosen = new Set(list.range(now.current, i));
    select(i, { keep: true });
    return;
  }
  if (event.ctrlKey || event.metaKey) {
    select(i, { keep: true });
    return;
  }
  select(i);
  document.body.classList.remove("listing");
  hear(i);
});
prefersLight.addEventListener("change", repaint);

const buildHelp = () => {
  $("key-list").replaceChildren(
    ...ACTIONS.filter((one) => one.shown && !(one.isServed && now.backend instanceof Offline)).map((one) => {
      const group = make("div");
      const term = make("dt");
      term.append(make("kbd", "", one.shown));
      group.append(term, make("dd", "", one.help));
      return group;
    }),
  );
  const words = now.data.transcriber ? ` The words were written down by a machine (${now.data.transcriber}).` : "";
  const rules =
    now.backend instanceof Offline
      ? " This page works without a studio: when you judge a cue, its neighbours stay as they were computed."
      : " What you see is what is published: the rules run again after each of your judgements, " +
        "and the model learns from them for the rest of this film.";
  $("provenance").textContent =
    `${now.data.count} cues, model ${now.data.model}. ` +
    `A tag says how a voice sounds to a listener, not what a person feels.${words}${rules}`;
};
const unmatched = () => {
  $("start").hidden = !now.data.start;
  $("start").textContent = now.data.start ? now.data.start.said : "";
  const left = now.data.unmatched || [];
  $("unmatched").hidden = !left.length;
  $("unmatched").firstElementChild.textContent =
    `${left.length} of your judgements fit no cue of these subtitles. They are kept.`;
  $("unmatched").lastElementChild.replaceChildren(
    ...left.map((one) => make("li", "", `${clock(one.start)} ${one.words}: ${one.said}`)),
  );
};
const takeState = (data) => {
  now.data = data;
  now.cues = data.cues;
  // Sounds between the cues follow the film's cues.
  const sounds = now.cues.findIndex((cue) => cue.sound);
  now.data.count = sounds < 0 ? now.cues.length : sounds;
  $("filter").querySelector("[value=sounds]").hidden = sounds < 0;
  now.emotionOf = Object.fromEntries(data.emotions.map((emotion) => [emotion.name, emotion]));
  sortByStart();
};
export const reload = async () => {
  try {
    takeState(await now.backend.load());
    captionLater(now.cues.keys());
    overall();
    list.sift();
    wave.redraw();
    desk();
    unmatched();
  } catch {
    ended();
  }
};
const loadPeaks = async () => {
  const reply = await fetch(`peaks?from=${wave.count}`);
  const bytes = new Uint8Array(await reply.arrayBuffer());
  if (bytes.length) wave.add(bytes);
};
let silent = null;
const ended = () => {
  film.pause();
  $("over").hidden = false;
  $("over-text").textContent =
    `Your work is saved in ${now.data ? now.data.judged_file : "the file beside the film"}. ` +
    "Run subemo review again to continue.";
};
const listen = () => {
  const events = new EventSource("events");
  const does = {
    peaks: () => loadPeaks().catch(() => null),
    copy: showCopy,
    publish: showPublish,
    over: () => {
      events.close();
      ended();
    },
    changed: (event) => {
      if (event.revision > (now.data.revision || 0) + 1) reload();
    },
  };
  events.addEventListener("message", (event) => {
    const told = JSON.parse(event.data);
    if (does[told.kind]) does[told.kind](told);
  });
  events.addEventListener("open", () => {
    clearTimeout(silent);
    silent = null;
    $("over").hidden = true;
  });
  events.addEventListener("error", () => {
    if (!silent) silent = setTimeout(ended, 8000);
  });
  addEventListener("pagehide", () => events.close());
};
const begin = async () => {
  useTheme(rememberedTheme());
  readTheme();
  const inline = $("data");
  // The page is painted first, then the cues are read.
  if (inline) await pause();
  now.backend = inline ? new Offline(JSON.parse(inline.textContent)) : new Served();
  document.body.classList.toggle("offline", Boolean(inline));
  try {
    takeState(await now.backend.load());
  } catch {
    ended();
    return;
  }
  const isOffline = now.backend instanceof Offline;
  await pause();
  $("title").textContent = now.data.film;
  document.title = `${now.data.film} – subemo`;
  film.src = isOffline ? now.data.media : now.data.copy.state === "done" ? "proxy" : "film";
  wave.begin(now.data);
  colourCaptions();
  buildDesk();
  await pause();
  list.sift();
  overall();
  await pause();
  buildHelp();
  if (isOffline) {
    for (const id of ["own-open", "edit-open", "publish-form", "publish-go"]) $(id).hidden = true;
    buildExports();
    if (now.data.peaks) wave.add(Uint8Array.from(atob(now.data.peaks), (char) => char.charCodeAt(0)));
    if (now.backend.restored) say(`${now.backend.restored} of your decisions were brought back.`);
  } else {
    for (const kind of publishKinds) $(`name-${kind}`).value = now.data.publish_names[kind];
    saved();
    unmatched();
    if (now.data.other_film) say("The judgements beside this film were made for another version of it.");
    listen(); // which tells at once how all work stands
  }
  await pause();
  document.body.classList.remove("loading");
  const first = now.byStart.find((i) => isOpen(now.cues[i])) ?? now.byStart[0];
  if (first === undefined) desk();
  else {
    select(first, { middle: true });
    playAt(now.cues[first].start);
    wave.show(now.cues[first].start);
  }
  setTimeout(addCaptions, 0, 0);
  $("cues").focus({ preventScroll: true });
  document.body.dataset.ready = "true";
};
begin();
