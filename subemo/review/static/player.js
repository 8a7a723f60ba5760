// The film: playing, one cue or on and on, its captions, and which cue is heard.
import { Offline } from "./backend.js";
import { $, bounded, clock, film, now, shownText } from "./base.js";
import { select } from "./desk.js";
import { list } from "./list.js";
import { wave } from "./wave.js";

let stopAt = null;
// Cues count milliseconds from the film's start; where a browser shows that start at another time, this is that time.
const playedFromMs = () => 0;
const inPlayer = (ms) => (ms + playedFromMs()) / 1000;
const playingAt = () => film.currentTime * 1000 - playedFromMs();
export const playAt = (ms) => {
  film.currentTime = inPlayer(ms);
};
export let isLooping = false;
export let isFollowing = true;
export let heard = -1;
export const speeds = [0.5, 0.75, 1, 1.25, 1.5, 2];
const track = film.addTextTrack("captions", "Tagged captions");
track.mode = "showing";
const vttCues = [];
const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
// The words of a tagged cue in its tag's colour, bold where the mood is intense, if asked for.
export const wordsLook = (cue) => Boolean(now.data.wordsColoured && now.emotionOf[cue.tag]);
export const colourCaptions = () => {
  if (!now.data.wordsColoured) return;
  const sheet = document.styleSheets[0];
  for (const one of now.data.emotions) sheet.insertRule(`::cue(.${one.name}) { color: ${one.colour}; }`);
  sheet.insertRule("::cue(.intense) { font-weight: bold; }");
};
const caption = (i) => {
  const cue = now.cues[i];
  const made = vttCues[i];
  if (!made) return;
  const bare = escaped(shownText(cue)).replace(/\n{2,}/g, "\n");
  const text = wordsLook(cue) ? `<c.${cue.tag}${cue.intense ? ".intense" : ""}>${bare}</c>` : bare;
  const start = inPlayer(cue.start);
  const end = inPlayer(cue.sound && !cue.shown ? cue.start + 1 : Math.max(cue.end, cue.start + 1));
  if (made.text !== text) made.text = text;
  if (made.startTime !== start) made.startTime = start;
  if (made.endTime !== end) made.endTime = end;
};
// Captions that changed, as many at once as fit between two pictures: a judgement may change thousands.
const outdated = new Set();
export const captionLater = (indices) => {
  const isAsked = outdated.size > 0;
  for (const i of indices) outdated.add(i);
  if (!isAsked) recaption();
};
const recaption = () => {
  const begun = performance.now();
  for (const i of outdated) {
    if (performance.now() - begun > 6) {
      setTimeout(recaption);
      return;
    }
    outdated.delete(i);
    caption(i);
  }
};
export const addCaptions = (from) => {
  // As many as fit between two pictures.
  const begun = performance.now();
  let i = from;
  for (; i < now.cues.length && performance.now() - begun < 8; i += 1) {
    const cue = now.cues[i];
    vttCues[i] = new VTTCue(inPlayer(cue.start), inPlayer(Math.max(cue.end, cue.start + 1)), "");
    vttCues[i].id = String(i);
    caption(i);
    track.addCue(vttCues[i]);
  }
  if (i < now.cues.length) setTimeout(addCaptions, 0, i);
  else document.body.dataset.captioned = "true";
};
export const cueAt = (ms) => {
  // The last cue that has begun, if it still is there.
  let low = 0;
  let high = now.byStart.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (now.cues[now.byStart[middle]].start <= ms) low = middle + 1;
    else high = middle;
  }
  const i = low ? now.byStart[low - 1] : -1;
  return i >= 0 && ms < now.cues[i].end ? i : -1;
};
export const seek = (ms) => {
  playAt(bounded(ms, 0, now.data.duration));
  wave.show(ms);
  tick();
};
export const playOn = () => {
  stopAt = null;
};
export const isThrough = () => !film.paused && stopAt === null;
const start = () =>
  film.play().catch((error) => {
    if (error.name !== "AbortError") cannotPlay();
  });
export const toggle = () => {
  if (film.paused) {
    playOn();
    start();
  } else film.pause();
};
export const hear = (i) => {
  const cue = now.cues[i];
  if (!cue) return;
  playAt(cue.start);
  stopAt = cue.end;
  wave.show(cue.start);
  start();
};
export const shift = (ms) => seek(playingAt() + ms);
export const faster = (by) => {
  const at = bounded(speeds.indexOf(film.playbackRate) + by, 0, speeds.length - 1);
  film.playbackRate = speeds[at];
  $("speed").textContent = `${speeds[at]}×`;
  $("speed").setAttribute("aria-label", `Speed, ${speeds[at]} times`);
};
export const setLoop = (on) => {
  isLooping = on;
  $("loop").setAttribute("aria-pressed", String(on));
};
export const setFollow = (on) => {
  isFollowing = on;
  $("follow").setAttribute("aria-pressed", String(on));
  if (on && heard >= 0) select(heard);
};
let lastClock = "";
const tick = () => {
  const ms = playingAt();
  if (stopAt !== null && ms >= stopAt && !film.paused) {
    if (isLooping) playAt(now.cues[now.current].start);
    else {
      film.pause();
      stopAt = null;
    }
  }
  const i = cueAt(ms);
  if (i !== heard) {
    heard = i;
    list.markHeard();
    if (i >= 0 && isFollowing && isThrough()) select(i, { follow: true });
  }
  const text = `${clock(ms, 1)} / ${clock(now.data.duration)}`;
  if (text !== lastClock) {
    lastClock = text;
    $("clock").textContent = text;
  }
  wave.head(ms, isThrough());
};
const run = () => {
  if (!now.data) return;
  tick();
  if (!film.paused) requestAnimationFrame(run);
};
film.addEventListener("play", () => {
  document.body.classList.add("playing");
  requestAnimationFrame(run);
});
film.addEventListener("pause", () => {
  document.body.classList.remove("playing");
  if (now.data) tick();
});
film.addEventListener("seeked", () => {
  if (now.data) tick();
});
// A page that is hidden draws nothing, and must stop a cue all the same.
film.addEventListener("timeupdate", () => {
  if (now.data) tick();
});
film.addEventListener("click", () => {
  if (now.data) toggle();
});
const notice = (text) => {
  $("notice").textContent = text;
  $("notice").hidden = !text;
};
const cannotPlay = () => {
  if (now.backend instanceof Offline) {
    notice(
      "This browser cannot play the film, or the film was moved after this page was written. " +
        "subemo review --proxy makes a small copy that browsers can play.",
    );
    return;
  }
  if (film.src.endsWith("/proxy")) {
    notice("This browser cannot play the film. You can judge it anyway.");
    return;
  }
  now.backend.post("copy").catch(() => null);
  notice("This browser cannot play the film as it is. A copy that it can play is being made.");
};
film.addEventListener("error", cannotPlay);
export const showCopy = (copy) => {
  if (copy.state === "running") {
    const part = copy.total ? ` ${Math.round((100 * copy.done) / copy.total)} %` : "";
    notice(`A copy of the film that browsers can play is being made.${part} You can judge in the meantime.`);
  } else if (copy.state === "failed") notice(`No copy of the film could be made: ${copy.error}`);
  else if (copy.state === "done" && !film.src.endsWith("/proxy")) {
    notice("");
    const at = playingAt();
    film.src = "proxy";
    playAt(at);
    captionLater(now.cues.keys()); // the copy may begin at another time
  }
};
