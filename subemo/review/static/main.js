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
const ACTIONS = [
  { keys: ["Enter"], shown: "Enter", help: "accept the proposal and go on", run: () => judge(agrees) },
  ...[...Array(8).keys()].map((n) => ({
    keys: [String(n + 1)],
    shown: n ? "" : "1 – 8",
    help: n ? "" : "judge the emotion and go on to the next open cue",
    run: () => judge(hears(now.data.emotions[n].name)),
  })),
  { keys: ["0", "Delete"], shown: "0", help: "show no tag here and go on", run: () => judge(clears) },
  {
    keys: ["s"],
    shown: "S",
    help: "always show the tag here; press again to follow the rules",
    run: () => judge(forces, { advances: false }),
  },
  { keys: ["t"], shown: "T", help: "write your own tag", served: true, run: openOwn },
  { keys: ["e"], shown: "E", help: "edit text and times", served: true, run: openEdit },
  {
    keys: ["Backspace"],
    shown: "Backspace",
    help: "remove the judgement",
    run: () => judge(() => null, { advances: false }),
  },
  { keys: ["ArrowDown", "j"], shown: "↓", help: "next cue", run: () => move(1) },
  { keys: ["ArrowUp", "k"], shown: "↑", help: "previous cue", run: () => move(-1) },
  { keys: ["PageDown"], shown: "Page ↓", help: "ten cues forward; Page ↑ back", run: () => move(10) },
  { keys: ["PageUp"], run: () => move(-10) },
  { keys: ["Home"], shown: "Home, End", help: "first cue, last cue", run: () => goTo(list.ends()[0]) },
  { keys: ["End"], run: () => goTo(list.ends()[1]) },
  {
    keys: ["n"],
    shown: "N",
    help: "next cue to check",
    run: () => {
      const i = list.nextOpen(now.current);
      if (i === undefined) say("Nothing is left to check.");
      else {
        select(i);
        hear(i);
      }
    },
  },
  { keys: ["Shift+ArrowDown"], shown: "Shift ↑ ↓", help: "select several cues", run: () => extend(1) },
  { keys: ["Shift+ArrowUp"], run: () => extend(-1) },
  { keys: [" "], shown: "Space", help: "play, pause", run: toggle },
  { keys: ["r"], shown: "R", help: "play the cue", run: () => hear(now.current) },
  {
    keys: ["l"],
    shown: "L",
    help: "loop the cue",
    run: () => {
      setLoop(!isLooping);
      if (isLooping) hear(now.current);
    },
  },
  { keys: ["ArrowLeft"], shown: "← →", help: "one second back, forward", run: () => shift(-1000) },
  { keys: ["ArrowRight"], run: () => shift(1000) },
  { keys: ["<", "["], shown: "[ ]", help: "slower, faster", run: () => faster(-1) },
  { keys: [">", "]"], run: () => faster(1) },
  { keys: ["Alt+ArrowLeft"], shown: "Alt ← →", help: "move the cue by 40 ms", served: true, run: () => nudge(-40) },
  { keys: ["Alt+ArrowRight"], served: true, run: () => nudge(40) },
  { keys: ["+", "="], shown: "+ −", help: "zoom in, out", run: () => wave.zoom(0.6) },
  { keys: ["-"], run: () => wave.zoom(1 / 0.6) },
  { keys: ["g"], shown: "G", help: "the list follows the film", run: () => setFollow(!isFollowing) },
  {
    keys: ["o"],
    shown: "O",
    help: "sort by time, or most worth checking first",
    run: () => {
      list.sort(list.order === "time" ? "priority" : "time");
      say(list.order === "priority" ? "Most worth checking first." : "By time.");
    },
  },
  {
    keys: ["f"],
    shown: "F",
    help: "show only cues to check, or all",
    run: () => list.show(list.filter === "open" ? "all" : "open"),
  },
  {
    keys: ["/", "Ctrl+f"],
    shown: "/",
    help: "find",
    run: () => {
      document.body.classList.add("listing");
      $("find").focus();
      $("find").select();
    },
  },
  { keys: ["u", "Ctrl+z"], shown: "U", help: "undo", run: () => goBack("undo") },
  { keys: ["y", "Ctrl+y", "Ctrl+Shift+z", "Shift+u"], shown: "Y", help: "redo", run: () => goBack("redo") },
  { keys: ["p"], shown: "P", help: "publish", run: openPublish },
  { keys: ["?", "h"], shown: "?", help: "show these keys", run: openKeys },
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
  const action = byKey.get(nameOf(event));
  if (!action || (action.served && now.backend instanceof Offline)) return;
  event.preventDefault();
  action.run();
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
on("force", () => judge(forces, { advances: false }));
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
    ...ACTIONS.filter((one) => one.shown && !(one.served && now.backend instanceof Offline)).map((one) => {
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
    if (now.data.copy.state !== "idle") showCopy(now.data.copy);
    if (now.data.publish.state !== "idle") showPublish(now.data.publish);
    listen();
    loadPeaks().catch(() => null);
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
