"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const cues = data.cues;
  const emotions = data.emotions;
  const byName = Object.fromEntries(emotions.map((emotion) => [emotion.name, emotion]));
  const film = $("film");
  const key = `subemo-review-${data.id}`;

  // What a person decided, by the cue's index: the tag that is shown ("" for
  // none) and the emotion that was heard ("" where nobody said).
  let decided = new Map();
  const past = [];
  let selected = 0;
  let stopAt = null;
  let filter = "all";

  const tagOf = (i) => (decided.has(i) ? decided.get(i).tag : cues[i].tag);
  const heardOf = (i) => (decided.has(i) ? decided.get(i).heard : "");
  const clock = (ms) => {
    const seconds = Math.floor(ms / 1000);
    const two = (n) => String(n).padStart(2, "0");
    const rest = String(ms % 1000).padStart(3, "0");
    return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${rest}`;
  };
  const say = (text) => { $("status").textContent = text; };
  const make = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const shownText = (i) => {
    const [tag, above] = tagOf(i) ? cues[i].tags[tagOf(i)] : ["", 0];
    if (!tag) return cues[i].text;
    return cues[i].text ? `${tag}${above ? "\n" : " "}${cues[i].text}` : tag;
  };
  const guessOf = (i) => {
    const found = cues[i].probabilities;
    if (!found) return null;
    const best = found.indexOf(Math.max(...found));
    return { emotion: emotions[best], probability: found[best] };
  };

  // The film, and its captions as the browser's own text track.
  film.src = data.media;
  film.addEventListener("error", () => { $("unplayable").hidden = false; });
  const track = film.addTextTrack("captions", "Tagged captions", data.language);
  track.mode = "showing";
  const vttCues = cues.map((cue, i) => {
    const made = new VTTCue(cue.start / 1000, Math.max(cue.end, cue.start + 1) / 1000, "");
    made.id = String(i);
    return made;
  });
  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  // The words of a tagged cue in its tag's colour, bold where the mood is intense, if asked for.
  const look = (i) => {
    const tag = data.wordsColoured && tagOf(i);
    return tag ? { tag, intense: cues[i].intense && tag === cues[i].tag } : null;
  };
  if (data.wordsColoured) {
    const rules = emotions.map((one) => `::cue(.${one.name}) { color: ${one.colour}; }`);
    const style = document.createElement("style");
    style.textContent = [...rules, "::cue(.intense) { font-weight: bold; }"].join("\n");
    document.head.append(style);
  }
  const caption = (i) => {
    const text = escaped(shownText(i)).replace(/\n{2,}/g, "\n");
    const words = look(i);
    vttCues[i].text = words ? `<c.${words.tag}${words.intense ? ".intense" : ""}>${text}</c>` : text;
  };

  // Long lists are made a piece at a time, so that the page answers meanwhile.
  const rows = [];
  let head = null;
  const list = $("cues");
  const build = (from) => {
    const until = Math.min(cues.length, from + 100);
    const piece = document.createDocumentFragment();
    for (let i = from; i < until; i += 1) {
      const row = make("div", "cue");
      row.id = `cue-${i}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", String(i === selected));
      row.dataset.cue = i;
      const words = make("span", "words");
      words.append(make("span", "tag"), make("span", "said"));
      const guess = make("span", "guess");
      guess.append(make("span", "likeliest"), make("span", "judged"));
      row.append(make("time", "", clock(cues[i].start)), words, guess);
      rows.push(row);
      piece.append(row);
      paintRow(i);
      paintBlock(i);
      caption(i);
      track.addCue(vttCues[i]);
    }
    list.append(piece);
    if (until < cues.length) setTimeout(build, 0, until);
    else {
      head = drawn("line", { y1: 0, y2: lane * emotions.length, stroke: "#fff", "stroke-width": 2 });
      moveHead();
      applyFilter();
      document.body.dataset.ready = "true";
    }
  };
  const paintRow = (i) => {
    const row = rows[i];
    if (!row) return;
    const tag = tagOf(i);
    const [text, above] = tag ? cues[i].tags[tag] : ["", 0];
    const mark = row.querySelector(".tag");
    mark.textContent = text ? `${text}${above ? "\n" : " "}` : "";
    mark.style.color = tag ? byName[tag].colour : "";
    const said = cues[i].text;
    const words = look(i);
    row.querySelector(".said").style.color = words ? byName[words.tag].colour : "";
    row.querySelector(".said").style.fontWeight = words && words.intense ? "bold" : "";
    row.querySelector(".said").textContent = said.length > 2000 ? `${said.slice(0, 2000)}…` : said;
    const guess = guessOf(i);
    row.querySelector(".likeliest").textContent =
      guess ? `${guess.emotion.name} ${guess.probability.toFixed(2)}` : cues[i].reason;
    row.querySelector(".judged").textContent =
      decided.has(i) ? (heardOf(i) ? `you: ${heardOf(i)}` : "you: no tag") : "";
  };

  // The timeline: a row for each emotion, so that no colour is needed to read it.
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const width = 1000, lane = 16;
  const place = (ms) => (width * ms) / Math.max(1, data.duration);
  const drawn = (name, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    svg.append(element);
    return element;
  };
  const blocks = new Map();
  const paintBlock = (i) => {
    const guess = guessOf(i);
    const tag = tagOf(i);
    const emotion = tag ? byName[tag] : guess && guess.emotion;
    const block = blocks.get(i);
    if (!emotion) { if (block) { block.remove(); blocks.delete(i); } return; }
    const look = {
      y: emotions.indexOf(emotion) * lane + 2,
      fill: tag ? emotion.colour : "none",
      stroke: emotion.colour,
    };
    if (block) { for (const [key, value] of Object.entries(look)) block.setAttribute(key, value); return; }
    const x = place(cues[i].start);
    blocks.set(i, drawn("rect", {
      x: x.toFixed(1), width: Math.max(1, place(cues[i].end) - x).toFixed(1), height: lane - 4, ...look,
    }));
  };
  svg.setAttribute("viewBox", `0 0 ${width} ${lane * emotions.length}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("height", String(lane * emotions.length));
  svg.setAttribute("aria-hidden", "true");
  const lanes = make("div", "lanes");
  lanes.setAttribute("aria-hidden", "true");
  lanes.append(...emotions.map((emotion) => make("span", "", emotion.name)));
  $("timeline").append(lanes, svg);
  $("timeline").setAttribute("aria-valuemax", String(Math.round(data.duration / 1000)));
  const moveHead = () => {
    const ms = film.currentTime * 1000;
    if (!head) return;
    head.setAttribute("x1", place(ms).toFixed(1));
    head.setAttribute("x2", place(ms).toFixed(1));
    $("timeline").setAttribute("aria-valuenow", String(Math.round(film.currentTime)));
    $("timeline").setAttribute("aria-valuetext", clock(Math.round(ms)));
  };
  $("timeline").addEventListener("click", (event) => {
    const box = svg.getBoundingClientRect();
    seek(((event.clientX - box.left) / box.width) * data.duration);
  });
  $("timeline").addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -5000, ArrowRight: 5000, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    seek(film.currentTime * 1000 + step);
  });
  const seek = (ms) => {
    const at = Math.min(Math.max(0, ms), data.duration);
    film.currentTime = at / 1000;
    const i = cues.findIndex((cue) => cue.start <= at && at < cue.end);
    if (i >= 0) select(i);
    moveHead();
  };

  const select = (i, scroll = true) => {
    if (!cues.length) return;
    const before = rows[selected];
    if (before) before.setAttribute("aria-selected", "false");
    selected = i;
    const row = rows[i];
    if (row) {
      row.setAttribute("aria-selected", "true");
      list.setAttribute("aria-activedescendant", row.id);
      if (scroll) row.scrollIntoView({ block: "nearest" });
    }
    paintDesk();
  };
  const buttons = emotions.map((emotion, n) => {
    const button = make("button");
    button.type = "button";
    button.append(`${emotion.name} `, make("kbd", "", String(n + 1)));
    button.addEventListener("click", () => judge(selected, emotion.name));
    $("buttons").append(button);
    return button;
  });
  const bars = emotions.map((emotion) => {
    const group = make("div");
    const value = make("dd", "track");
    const fill = make("span", "fill");
    fill.style.color = emotion.colour;
    value.append(fill);
    const number = make("dd", "number");
    group.append(make("dt", "", emotion.name), value, number);
    $("bars").append(group);
    return { fill, number };
  });
  const paintDesk = () => {
    const cue = cues[selected];
    if (!cue) return;
    $("when").textContent = `Cue ${selected + 1} of ${cues.length}, ${clock(cue.start)} to ${clock(cue.end)}`;
    $("shown").textContent = shownText(selected).slice(0, 2000);
    $("why").textContent = decided.has(selected)
      ? `You decided${heardOf(selected) ? `: ${heardOf(selected)}` : ": no tag"}. Before: ${cue.reason}.`
      : `${cue.reason}${cue.detail ? ` (${cue.detail})` : ""}`;
    const heard = heardOf(selected) || (decided.has(selected) ? "" : cue.tag);
    emotions.forEach((emotion, n) => {
      buttons[n].setAttribute("aria-pressed", String(emotion.name === heard));
      const probability = cue.probabilities ? cue.probabilities[n] : 0;
      bars[n].fill.style.width = `${100 * probability}%`;
      bars[n].number.textContent = cue.probabilities ? probability.toFixed(2) : "–";
    });
    $("undo").disabled = past.length === 0;
  };

  // Deciding, and taking it back.
  const change = (i, decision, text) => {
    past.push([i, decided.has(i) ? { ...decided.get(i) } : null]);
    if (decision) decided.set(i, decision); else decided.delete(i);
    after(i, text);
  };
  const after = (i, text) => {
    paintRow(i);
    caption(i);
    paintDesk();
    paintBlock(i);
    keep();
    say(text);
  };
  const judge = (i, name) => {
    const tag = byName[name].marked ? name : "";
    change(i, { tag, heard: name }, `Cue ${i + 1}: ${name}${tag ? "" : ", which shows no tag"}.`);
  };
  const clear = (i) => change(i, { tag: "", heard: "" }, `Cue ${i + 1}: no tag.`);
  const agree = (i) => {
    const guess = guessOf(i);
    if (!guess) { say(`Cue ${i + 1}: nothing is proposed.`); return; }
    change(i, { tag: cues[i].tag, heard: cues[i].tag || guess.emotion.name }, `Cue ${i + 1}: agreed, ${cues[i].tag || guess.emotion.name}.`);
  };
  const undo = () => {
    const last = past.pop();
    if (!last) return;
    const [i, before] = last;
    if (before) decided.set(i, before); else decided.delete(i);
    select(i);
    after(i, `Cue ${i + 1}: undone.`);
  };

  // Unsaved work lives in the browser until it is exported.
  let keeping = null;
  const keep = () => {
    clearTimeout(keeping);
    keeping = setTimeout(keepNow, 200);
  };
  const keepNow = () => {
    clearTimeout(keeping);
    try { localStorage.setItem(key, JSON.stringify([...decided])); } catch { say("This browser keeps no unsaved work; export before you close the page."); }
  };
  const restore = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(key) || "[]");
      const known = (one) => Array.isArray(one) && one.length === 2 && one[0] in cues && one[1]
        && ["", ...Object.keys(byName)].includes(one[1].tag) && ["", ...Object.keys(byName)].includes(one[1].heard);
      decided = new Map(kept.filter(known));
      if (decided.size) say(`${decided.size} of your decisions were brought back.`);
    } catch { decided = new Map(); }
  };
  addEventListener("pagehide", keepNow);

  // Files: Python's bytes with the placeholders filled.
  const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const render = (form) => {
    const made = data.exports[form];
    const table = made.table.map(bytes);
    const any = cues.some((_, i) => tagOf(i));
    const filled = made.parts.map((part) => {
      if (typeof part === "number") return table[part];
      const [cue, values] = part;
      return table[cue < 0 ? values[any ? "any" : ""] : values[tagOf(cue)]];
    });
    if (!made.counted) return filled;
    const encoder = new TextEncoder();
    return filled.filter((block) => block.length)
      .flatMap((block, i) => [encoder.encode(`${i ? "\n" : ""}${i + 1}\n`), block]);
  };
  const labels = () => {
    const lines = ["start,end,emotion"];
    [...decided.keys()].sort((a, b) => a - b).forEach((i) => {
      if (heardOf(i)) lines.push(`${cues[i].start / 1000},${cues[i].end / 1000},${heardOf(i)}`);
    });
    return [new TextEncoder().encode(`${lines.join("\n")}\n`)];
  };
  const save = (name, parts) => {
    const link = make("a");
    link.href = URL.createObjectURL(new Blob(parts, { type: "application/octet-stream" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    say(`${name} was handed to the browser's downloads.`);
  };
  const stem = data.stem.replace(/\.emo$/, "");
  Object.keys(data.exports).forEach((form) => {
    const button = make("button", "", `.${form}`);
    button.type = "button";
    button.id = `export-${form}`;
    button.addEventListener("click", () => save(`${stem}.emo.${form}`, render(form)));
    $("exports").append(button);
  });
  const judgements = make("button", "", "labels.csv");
  judgements.type = "button";
  judgements.id = "export-labels";
  judgements.addEventListener("click", () => save("labels.csv", labels()));
  $("exports").append(judgements);

  // Playing a cue.
  const play = (i) => {
    if (stopAt !== null && !film.paused) { film.pause(); stopAt = null; return; }
    film.currentTime = cues[i].start / 1000;
    stopAt = cues[i].end / 1000;
    film.play().catch(() => { $("unplayable").hidden = false; });
  };
  film.addEventListener("timeupdate", () => {
    if (stopAt !== null && film.currentTime >= stopAt) { film.pause(); stopAt = null; }
    moveHead();
  });
  track.addEventListener("cuechange", () => {
    list.querySelectorAll(".playing").forEach((row) => row.classList.remove("playing"));
    for (const cue of track.activeCues || []) rows[Number(cue.id)]?.classList.add("playing");
  });

  // The list.
  const isShown = (i) => filter === "all"
    || (filter === "tagged" && tagOf(i) !== "")
    || (filter === "unsure" && cues[i].unsure)
    || (filter === "contradicted" && cues[i].contradicted)
    || (filter === "judged" && decided.has(i));
  let filtering = 0;
  const applyFilter = () => {
    const wanted = rows.map((_, i) => isShown(i));
    $("count").textContent = `${wanted.filter(Boolean).length} of ${cues.length}`;
    const mine = (filtering += 1);
    // A piece at a time: to show two thousand rows at once takes a tenth of a second.
    const sift = (from) => {
      if (mine !== filtering) return;
      const until = Math.min(rows.length, from + 250);
      for (let i = from; i < until; i += 1) {
        if (rows[i].hidden === wanted[i]) rows[i].hidden = !wanted[i];
      }
      if (until < rows.length) { setTimeout(sift, 0, until); return; }
      if (rows[selected]?.hidden) {
        const next = rows.findIndex((row) => !row.hidden);
        if (next >= 0) select(next);
      }
    };
    sift(0);
  };
  $("filter").addEventListener("change", (event) => { filter = event.target.value; applyFilter(); });
  const step = (by) => {
    for (let i = selected + by; i >= 0 && i < rows.length; i += by) {
      if (!rows[i].hidden) { select(i); return; }
    }
  };
  list.addEventListener("click", (event) => {
    const row = event.target.closest(".cue");
    if (!row) return;
    select(Number(row.dataset.cue), false);
    stopAt = null;
    film.pause();
    play(selected);
  });

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey) return;
    const at = event.target;
    if (event.ctrlKey) {
      if (event.key.toLowerCase() === "z") { event.preventDefault(); undo(); }
      return;
    }
    if (at instanceof HTMLSelectElement || at === film) return;
    const onButton = at instanceof HTMLButtonElement;
    if (onButton && (event.key === " " || event.key === "Enter")) return;
    const actions = {
      ArrowUp: () => step(-1), ArrowDown: () => step(1),
      Home: () => { select(Math.max(0, rows.findIndex((row) => !row.hidden))); },
      End: () => { const i = rows.findLastIndex((row) => !row.hidden); if (i >= 0) select(i); },
      " ": () => play(selected), Enter: () => agree(selected),
      0: () => clear(selected), Delete: () => clear(selected), u: undo, U: undo,
      f: toggleUnsure, F: toggleUnsure,
    };
    emotions.forEach((emotion, n) => { actions[n + 1] = () => judge(selected, emotion.name); });
    const action = actions[event.key];
    if (!action || !cues.length) return;
    event.preventDefault();
    action();
  });
  const toggleUnsure = () => {
    filter = filter === "unsure" ? "all" : "unsure";
    $("filter").value = filter;
    applyFilter();
  };
  $("agree").addEventListener("click", () => agree(selected));
  $("clear").addEventListener("click", () => clear(selected));
  $("undo").addEventListener("click", undo);
  $("play").addEventListener("click", () => play(selected));

  const words = data.transcriber ? ` The words were written down by a machine (${data.transcriber}).` : "";
  $("provenance").textContent =
    `${cues.length} cues, model ${data.model}. A tag says how a voice sounds to a listener, not what a person feels.${words}`;
  restore();
  select(0, false);
  setTimeout(build, 0, 0);
})();
