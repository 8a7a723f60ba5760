// The list: of thousands of cues only the rows that can be seen exist.
import { $, bounded, clock, guessOf, hueOf, isEdited, isJudged, isOpen, make, moodOf, now, shownText } from "./base.js";
import { heard, isFollowing, isThrough, setFollow, wordsLook } from "./player.js";

export const list = (() => {
  const box = $("cues");
  const space = $("rows");
  const height = 52;
  let visible = [];
  let placeOf = new Map();
  let filter = "all";
  let order = "time";
  let wanted = "";
  const pool = new Map();
  // To ask the browser for these makes it lay out the page at once.
  let drawing = false;
  let top = 0;
  let room = box.clientHeight;
  // Scrolled with the next picture, which lays out the page anyway; until then `top` is where the list is.
  let scrolls = false;
  const scrollTo = (to) => {
    top = bounded(to, 0, Math.max(0, visible.length * height - room));
    if (!scrolls) {
      scrolls = true;
      requestAnimationFrame(() => {
        box.scrollTop = top;
        scrolls = false;
      });
    }
  };
  const isShown = (cue, i) => {
    if (filter === "sounds" && !cue.sound) return false;
    if (filter === "open" && !isOpen(cue)) return false;
    if (filter === "judged" && !isJudged(cue)) return false;
    if (filter === "tagged" && !cue.shown) return false;
    if (filter === "unsure" && !cue.unsure) return false;
    if (filter === "contradicted" && !cue.contradicted) return false;
    if (filter === "fast" && !cue.over.length) return false;
    if (filter === "edited" && !isEdited(cue)) return false;
    return (
      !wanted ||
      shownText(cue).toLowerCase().includes(wanted) ||
      cue.speaker.toLowerCase().includes(wanted) ||
      (cue.judged?.heard || "").includes(wanted) ||
      String(i + 1) === wanted
    );
  };
  const priorityOf = (cue) => (isJudged(cue) ? -1 : cue.priority);
  const sift = () => {
    visible = now.byStart.filter((i) => isShown(now.cues[i], i));
    if (order === "priority") visible.sort((a, b) => priorityOf(now.cues[b]) - priorityOf(now.cues[a]));
    placeOf = new Map(visible.map((i, place) => [i, place]));
    space.style.height = `${visible.length * height}px`;
    top = bounded(top, 0, Math.max(0, visible.length * height - room));
    const all = now.byStart.length;
    $("listed").textContent = visible.length === all ? `${all}` : `${visible.length} of ${all}`;
    $("empty").hidden = visible.length > 0;
    $("empty").textContent = emptyText();
    for (const row of pool.values()) row.remove();
    pool.clear();
    draw();
  };
  const emptyText = () => {
    if (!now.cues.length)
      return (
        "There are no cues in this film, since no speech was found in it. " +
        "If it has subtitles, give their file: subemo review FILM SUBTITLES"
      );
    if (wanted) return "No cue has these words.";
    if (filter === "open") return "Nothing is left to check. Publish when you like.";
    return "No cue matches.";
  };
  const makeRow = (i) => {
    const row = make("div", "cue");
    row.id = `cue-${i}`;
    row.dataset.cue = i;
    row.setAttribute("role", "option");
    row.append(make("span", "edge"), make("time"), make("span", "words"), make("span", "state"));
    paint(row, i);
    return row;
  };
  const paint = (row, i) => {
    const cue = now.cues[i];
    const place = placeOf.get(i);
    row.style.top = `${place * height}px`;
    row.setAttribute("aria-setsize", visible.length);
    row.setAttribute("aria-posinset", place + 1);
    row.classList.toggle("sound", Boolean(cue.sound));
    row.setAttribute("aria-selected", String(now.chosen.has(i)));
    row.classList.toggle("current", i === now.current);
    row.classList.toggle("heard", i === heard);
    row.style.setProperty("--hue", cue.tag || isJudged(cue) ? hueOf(moodOf(cue)) : "transparent");
    row.style.setProperty("--hue-text", hueOf(cue.tag));
    row.children[1].textContent = clock(cue.start, 1);
    const words = row.children[2];
    const text = cue.text.length > 400 ? `${cue.text.slice(0, 400)}…` : cue.text;
    const said = make("span", "said", text.replaceAll("\n", " "));
    said.style.color = wordsLook(cue) ? hueOf(cue.tag) : "";
    said.style.fontWeight = wordsLook(cue) && cue.intense ? "650" : "";
    if (cue.sound) said.textContent = cue.shown ? "sound between cues" : `${cue.sound}, removed`;
    words.replaceChildren(...(cue.shown ? [make("span", "tag", `${cue.shown} `), said] : [said]));
    const state = row.children[3];
    const lines = [];
    if (isJudged(cue)) lines.push(make("span", "judged", `✓ ${saidOf(cue)}`));
    else {
      const guess = guessOf(cue);
      lines.push(
        make(
          "span",
          isOpen(cue) ? "open" : "",
          cue.sound
            ? `${cue.sound} ${Math.round(100 * cue.sure)} %`
            : guess
              ? `${guess.emotion.name} ${Math.round(100 * guess.probability)} %`
              : "no answer",
        ),
      );
    }
    const isFast = cue.over.some((one) => one.includes("a second"));
    const pace = make("span", isFast ? "fast" : "", `${isEdited(cue) ? "changed · " : ""}${cue.cps}/s`);
    if (cue.over.length > Number(isFast)) pace.append(make("span", "fast", " long"));
    if (!cue.sound) lines.push(pace);
    state.replaceChildren(...lines);
  };
  const saidOf = (cue) => {
    const { heard: emotion, shown, own } = cue.judged;
    if (shown === "own") return own;
    if (cue.sound) return shown === "kept" ? "kept" : "removed";
    if (shown === "nothing") return emotion ? `${emotion}, no tag` : "no tag";
    return `${emotion}${shown === "tag" ? ", shown" : ""}`;
  };
  const draw = () => {
    drawing = false;
    const from = Math.max(0, Math.floor(top / height) - 3);
    const until = Math.min(visible.length, Math.ceil((top + room) / height) + 3);
    const stay = new Set(visible.slice(from, until));
    for (const [i, row] of pool)
      if (!stay.has(i)) {
        row.remove();
        pool.delete(i);
      }
    const piece = document.createDocumentFragment();
    for (const i of stay)
      if (!pool.has(i)) {
        const row = makeRow(i);
        pool.set(i, row);
        piece.append(row);
      }
    space.append(piece);
    const there = pool.has(now.current);
    if (there) box.setAttribute("aria-activedescendant", `cue-${now.current}`);
    else box.removeAttribute("aria-activedescendant");
  };
  const later = () => {
    if (!drawing) {
      drawing = true;
      requestAnimationFrame(draw);
    }
  };
  box.addEventListener("scroll", () => {
    if (!scrolls) {
      top = box.scrollTop;
      later();
    }
  });
  new ResizeObserver((entries) => {
    room = entries[0].contentRect.height;
    if (!scrolls) top = box.scrollTop;
    later();
  }).observe(box);
  const free = () => {
    if (isFollowing && isThrough()) setFollow(false);
  };
  box.addEventListener("wheel", free, { passive: true });
  box.addEventListener("touchmove", free, { passive: true });
  const repaint = (indices) => {
    for (const i of indices) if (pool.has(i)) paint(pool.get(i), i);
  };
  return {
    sift,
    repaint,
    repaintAll: () => repaint(pool.keys()),
    markHeard: () => {
      for (const [i, row] of pool) row.classList.toggle("heard", i === heard);
    },
    moved: (indices) => {
      const rows = indices.map((i) => pool.get(i)).filter(Boolean);
      for (const row of rows) row.classList.remove("moved");
      // In the picture after the next, so that the animation begins anew without a layout in between.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          for (const row of rows) row.classList.add("moved");
        }),
      );
    },
    reveal: (i, middle) => {
      const place = placeOf.get(i);
      if (place === undefined) return;
      const at = place * height;
      if (middle) scrollTo(at - room / 2 + height / 2);
      else if (at < top) scrollTo(at);
      else if (at + height > top + room) scrollTo(at + height - room);
      draw();
    },
    step: (i, by) => {
      const place = placeOf.get(i);
      if (place !== undefined) return visible[bounded(place + by, 0, visible.length - 1)];
      const after = visible.find((one) => now.cues[one].start >= now.cues[i].start);
      return after ?? visible[visible.length - 1];
    },
    range: (from, to) => {
      const [a, b] = [placeOf.get(from), placeOf.get(to)].sort((x, y) => x - y);
      return a === undefined || b === undefined ? [to] : visible.slice(a, b + 1);
    },
    ends: () => [visible[0], visible[visible.length - 1]],
    // The next that nobody judged: onwards in time, or that of the highest priority.
    nextOpen: (i) => {
      const isFree = (one) => one !== i && isOpen(now.cues[one]) && !isJudged(now.cues[one]);
      if (order === "priority") {
        let best;
        for (const one of now.byStart)
          if (isFree(one) && (best === undefined || now.cues[one].priority > now.cues[best].priority)) best = one;
        return best;
      }
      const place = now.byStart.indexOf(i);
      return now.byStart.slice(place + 1).find(isFree) ?? now.byStart.find(isFree);
    },
    show: (what) => {
      filter = what;
      $("filter").value = what;
      sift();
    },
    sort: (how) => {
      order = how;
      $("order").value = how;
      sift();
      list.reveal(now.current, true);
    },
    find: (text) => {
      wanted = text.trim().toLowerCase();
      sift();
    },
    get filter() {
      return filter;
    },
    get order() {
      return order;
    },
  };
})();
