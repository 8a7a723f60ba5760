// The sound and its cues on a canvas: still parts are drawn once, and the head over them.
import { $, bounded, clock, hueOf, isLight, moodOf, now, readTheme } from "./base.js";
import { select } from "./desk.js";
import { cueAt, playAt, playOn } from "./player.js";

export const wave = (() => {
  const canvas = $("wave");
  const small = $("overview");
  const line = $("timeline");
  const layer = document.createElement("canvas");
  const smallLayer = document.createElement("canvas");
  let levels = [[]];
  let count = 0;
  let rate = 50;
  let from = 0;
  let span = 30_000;
  let at = 0;
  let dirty = true;
  let old = true;
  let asked = false;
  const colours = {};
  let loudest = 1;
  const ratio = () => Math.min(2, devicePixelRatio || 1);
  const sizes = new Map();
  const fit = (target) => {
    const box = sizes.get(target) || target.getBoundingClientRect();
    const scale = ratio();
    const width = Math.max(1, Math.round(box.width * scale));
    const height = Math.max(1, Math.round(box.height * scale));
    if (target.width !== width || target.height !== height) {
      target.width = width;
      target.height = height;
    }
    return [width, height];
  };
  const read = () => {
    readTheme();
    const style = getComputedStyle(document.documentElement);
    for (const name of ["ground", "sunken", "raised", "line", "edge", "soft", "ink", "accent"])
      colours[name] = style.getPropertyValue(`--${name}`).trim();
    dirty = old = true;
    ask();
  };
  // Peaks, and maxima of eight, of sixty-four and so on of them, so that any zoom costs the same.
  const add = (bytes) => {
    const old = levels[0];
    const base = new Uint8Array(old.length + bytes.length);
    base.set(old);
    base.set(bytes, old.length);
    levels = [base];
    while (levels[levels.length - 1].length > 64) {
      const below = levels[levels.length - 1];
      const above = new Uint8Array(Math.ceil(below.length / 8));
      for (let i = 0; i < below.length; i += 1) if (below[i] > above[i >> 3]) above[i >> 3] = below[i];
      levels.push(above);
    }
    count = base.length;
    const top = levels[Math.min(2, levels.length - 1)];
    const sorted = Uint8Array.from(top).sort();
    loudest = Math.max(16, sorted[Math.floor(sorted.length * 0.98)] || 1);
    dirty = true;
    ask();
  };
  const peak = (first, last) => {
    let level = 0;
    let a = first;
    let b = last;
    while (b - a > 16 && level + 1 < levels.length) {
      level += 1;
      a = Math.floor(a / 8);
      b = Math.ceil(b / 8);
    }
    const values = levels[level];
    let best = 0;
    for (let i = Math.floor(a); i < Math.max(Math.floor(a) + 1, b) && i < values.length; i += 1)
      if (values[i] > best) best = values[i];
    return best;
  };
  const still = (width, height, scale) => {
    layer.width = width;
    layer.height = height;
    const pen = layer.getContext("2d");
    const ruler = 18 * scale;
    const lane = 24 * scale;
    const x = (ms) => ((ms - from) / span) * width;
    pen.fillStyle = colours.ground;
    pen.fillRect(0, 0, width, height);
    ruled(pen, width, height, scale, x);
    const middle = ruler + (height - ruler - lane) / 2;
    const tall = (height - ruler - lane) / 2 - 2 * scale;
    const hues = new Array(Math.ceil(width));
    const shown = [];
    for (const i of now.byStart) {
      const cue = now.cues[i];
      if (cue.end < from) continue;
      if (cue.start > from + span) break;
      shown.push(i);
      const mood = moodOf(cue);
      const hue = mood && now.emotionOf[mood].marked ? hueOf(mood) : colours.soft;
      const until = Math.min(width, Math.ceil(x(cue.end)));
      for (let column = Math.max(0, Math.floor(x(cue.start))); column < until; column += 1) hues[column] = hue;
    }
    for (let column = 0; column < width; column += 1) {
      const first = ((from + (column / width) * span) / 1000) * rate;
      const last = ((from + ((column + 1) / width) * span) / 1000) * rate;
      if (first >= count) break;
      const size = Math.max(scale / 2, Math.min(1, peak(first, last) / loudest) * tall);
      pen.fillStyle = hues[column] || colours.edge;
      pen.globalAlpha = hues[column] ? 0.9 : 0.45;
      pen.fillRect(column, middle - size, 1, 2 * size);
    }
    pen.globalAlpha = 1;
    blocks(pen, shown, x, height - lane, lane, scale);
  };
  const ruled = (pen, width, height, scale, x) => {
    const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
    const step = 1000 * (steps.find((one) => ((one * 1000) / span) * width > 90 * scale) || 7200);
    pen.font = `${11 * scale}px system-ui, sans-serif`;
    pen.textBaseline = "middle";
    pen.fillStyle = colours.soft;
    for (let ms = Math.ceil(from / step) * step; ms < from + span; ms += step) {
      pen.fillStyle = colours.line;
      pen.fillRect(x(ms), 0, scale, height);
      pen.fillStyle = colours.soft;
      pen.fillText(clock(ms), x(ms) + 4 * scale, 9 * scale);
    }
  };
  const blocks = (pen, shown, x, top, lane, scale) => {
    pen.font = `600 ${11 * scale}px system-ui, sans-serif`;
    for (const i of shown) {
      const cue = now.cues[i];
      if (cue.sound && !cue.shown) continue;
      const left = x(cue.start);
      const wide = Math.max(scale, x(cue.end) - left - scale);
      const mood = moodOf(cue);
      const hue = mood && now.emotionOf[mood].marked ? hueOf(mood) : colours.edge;
      pen.fillStyle = cue.shown ? hue : colours.raised;
      pen.fillRect(left, top + 2 * scale, wide, lane - 6 * scale);
      if (!cue.shown && mood && now.emotionOf[mood].marked) {
        pen.fillStyle = hue;
        pen.fillRect(left, top + lane - 7 * scale, wide, 3 * scale);
      }
      if (wide > 34 * scale) {
        pen.save();
        pen.beginPath();
        pen.rect(left, top, wide, lane);
        pen.clip();
        pen.fillStyle = cue.shown ? (isLight() ? "#fff" : "#000") : colours.soft;
        pen.fillText(cue.shown || String(i + 1), left + 5 * scale, top + lane / 2 - scale);
        pen.restore();
      }
    }
  };
  const overview = (width, height) => {
    smallLayer.width = width;
    smallLayer.height = height;
    const pen = smallLayer.getContext("2d");
    const x = (ms) => (ms / Math.max(1, now.data.duration)) * width;
    pen.fillStyle = colours.sunken;
    pen.fillRect(0, 0, width, height);
    // Those of one look together: to change the pen costs more than to draw.
    const looks = new Map();
    for (const cue of now.cues) {
      if (cue.sound && !cue.shown) continue;
      const mood = moodOf(cue);
      const marked = mood && now.emotionOf[mood].marked;
      const key = `${marked ? mood : ""} ${cue.shown ? 1 : 0}`;
      if (!looks.has(key))
        looks.set(key, { hue: marked ? hueOf(mood) : colours.edge, shown: Boolean(cue.shown), cues: [] });
      looks.get(key).cues.push(cue);
    }
    for (const look of looks.values()) {
      const tall = look.shown ? height : height / 3;
      pen.fillStyle = look.hue;
      pen.globalAlpha = look.shown ? 1 : 0.4;
      pen.beginPath();
      for (const cue of look.cues)
        pen.rect(x(cue.start), (height - tall) / 2, Math.max(1, x(cue.end) - x(cue.start)), tall);
      pen.fill();
    }
    pen.globalAlpha = 1;
  };
  const outline = (pen, width, height, scale) => {
    const lane = 24 * scale;
    const x = (ms) => ((ms - from) / span) * width;
    pen.strokeStyle = colours.accent;
    pen.lineWidth = 2 * scale;
    for (const i of now.chosen) {
      const cue = now.cues[i];
      if (!cue || cue.end < from || cue.start > from + span) continue;
      pen.strokeRect(
        x(cue.start),
        height - lane + 2 * scale,
        Math.max(scale, x(cue.end) - x(cue.start) - scale),
        lane - 6 * scale,
      );
    }
  };
  const draw = () => {
    asked = false;
    if (!now.data) return;
    const scale = ratio();
    const [width, height] = fit(canvas);
    const [wide, low] = fit(small);
    if (dirty || layer.width !== width || layer.height !== height) {
      still(width, height, scale);
      dirty = false;
    }
    if (old || smallLayer.width !== wide || smallLayer.height !== low) {
      overview(wide, low);
      old = false;
    }
    const pen = canvas.getContext("2d");
    const place = ((at - from) / span) * width;
    pen.drawImage(layer, 0, 0);
    outline(pen, width, height, scale);
    pen.fillStyle = colours.accent;
    pen.fillRect(place - scale, 0, 2 * scale, height);
    const under = small.getContext("2d");
    const whole = Math.max(1, now.data.duration);
    under.drawImage(smallLayer, 0, 0);
    under.strokeStyle = colours.ink;
    under.lineWidth = scale;
    under.strokeRect((from / whole) * wide + 0.5, 0.5, Math.max(3, (span / whole) * wide) - 1, low - 1);
    under.fillStyle = colours.accent;
    under.fillRect((at / whole) * wide - scale, 0, 2 * scale, low);
  };
  const ask = () => {
    if (!asked) {
      asked = true;
      requestAnimationFrame(draw);
    }
  };
  const move = (start) => {
    const next = bounded(start, 0, Math.max(0, now.data.duration - span));
    if (next !== from) {
      from = next;
      dirty = true;
    }
    ask();
  };
  const zoom = (by, around = at) => {
    const part = (around - from) / span;
    span = bounded(span * by, 2_000, Math.max(2_000, now.data.duration));
    dirty = true;
    move(around - part * span);
  };
  const msAt = (event) => {
    const isSmall = event.clientY > small.getBoundingClientRect().top;
    const box = canvas.getBoundingClientRect();
    const part = bounded((event.clientX - box.left) / box.width, 0, 1);
    return isSmall ? part * now.data.duration : from + part * span;
  };
  const scrub = (event) => {
    const ms = msAt(event);
    const i = cueAt(ms);
    playAt(ms);
    at = ms;
    if (event.clientY > small.getBoundingClientRect().top) move(ms - span / 2);
    if (i >= 0) select(i);
    ask();
  };
  line.addEventListener("pointerdown", (event) => {
    if (!now.data) return;
    playOn();
    line.setPointerCapture(event.pointerId);
    scrub(event);
  });
  line.addEventListener("pointermove", (event) => {
    if (now.data && line.hasPointerCapture(event.pointerId)) scrub(event);
  });
  line.addEventListener(
    "wheel",
    (event) => {
      if (!now.data) return;
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) zoom(event.deltaY > 0 ? 1.25 : 0.8, msAt(event));
      else
        move(
          from +
            ((Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY) / canvas.clientWidth) *
              span,
        );
    },
    { passive: false },
  );
  const watch = new ResizeObserver((entries) => {
    for (const entry of entries) sizes.set(entry.target, entry.contentRect);
    dirty = true;
    ask();
  });
  for (const target of [canvas, small]) watch.observe(target);
  return {
    read,
    zoom,
    add,
    get count() {
      return count;
    },
    begin: (data) => {
      rate = data.peaks_rate || 50;
      span = bounded(30_000, 2_000, Math.max(2_000, data.duration));
      read();
    },
    redraw: () => {
      dirty = old = true;
      ask();
    },
    choose: ask,
    head: (ms, follows) => {
      at = ms;
      if (follows && (ms < from || ms > from + span * 0.95)) move(ms - span * 0.1);
      line.setAttribute("aria-valuenow", String(Math.round(ms / 1000)));
      line.setAttribute("aria-valuetext", clock(ms));
      ask();
    },
    show: (ms) => {
      if (ms < from || ms > from + span * 0.9) move(ms - span * 0.2);
    },
  };
})();
