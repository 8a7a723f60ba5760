// Who decides: Python, of a page that is served; else this page, by what Python computed for each cue alone.
import { $, kept, now, say } from "./base.js";

export class Served {
  constructor() {
    this.waiting = Promise.resolve();
  }
  async load() {
    return (await fetch("state")).json();
  }
  // One request after the other, in the order of the keys that were struck.
  post(name, content = {}) {
    const answer = this.waiting.then(async () => {
      const reply = await fetch(name, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(content),
      });
      const told = await reply.json().catch(() => ({ error: `the studio refused (${reply.status})` }));
      if (told.error) throw new Error(told.error);
      return told;
    });
    this.waiting = answer.catch(() => null);
    return answer;
  }
  judge(changes) {
    return this.post("judge", { changes });
  }
  undo() {
    return this.post("undo");
  }
  redo() {
    return this.post("redo");
  }
}

export class Offline {
  constructor(data) {
    this.data = data;
    this.first = data.cues.map((cue) => ({ ...cue }));
    this.judged = new Map();
    this.steps = [];
    this.done = 0;
    this.key = `subemo-review-${data.id}`;
  }
  async load() {
    const known = (one) =>
      Array.isArray(one) &&
      this.first[one[0]] &&
      one[1] &&
      (one[1].heard === null || one[1].heard in emotions) &&
      ["rules", "nothing", "tag"].includes(one[1].shown);
    const emotions = Object.fromEntries(this.data.emotions.map((emotion) => [emotion.name, 1]));
    try {
      this.judged = new Map(JSON.parse(kept.get(this.key) || "[]").filter(known));
    } catch {
      this.judged = new Map();
    }
    const cues = this.first.map((_, i) => this.view(i));
    this.restored = this.judged.size;
    return { ...this.data, cues, ...this.overall() };
  }
  // The cue with what a person said of it; its neighbours stay as they were computed.
  view(i) {
    const first = this.first[i];
    const judged = this.judged.get(i) || null;
    if (!judged) return { ...first, judged };
    const heard = judged.heard || "";
    const isAsComputed = judged.shown === "rules" && judged.agreed;
    const byRules = isAsComputed ? first.tag : (first.unmarked[heard] ?? heard);
    const tag = { nothing: "", tag: heard }[judged.shown] ?? byRules;
    const [shown, above] = first.tags[tag] || ["", 0];
    return {
      ...first,
      judged,
      tag: shown ? tag : "",
      shown,
      above,
      reason: shown ? "tagged" : "no tag",
      detail: "by you",
    };
  }
  overall() {
    const open = this.first.filter((cue, i) => cue.check && !this.judged.has(i)).length;
    return {
      done: this.judged.size,
      total: this.judged.size + open,
      can_undo: this.done > 0,
      can_redo: this.done < this.steps.length,
    };
  }
  async judge(changes) {
    const step = Object.entries(changes).map(([i, judged]) => [Number(i), this.judged.get(Number(i)) || null, judged]);
    this.steps = [...this.steps.slice(0, this.done), step];
    this.done += 1;
    return this.go(step, 2);
  }
  async undo() {
    if (!this.done) return this.go([], 1);
    this.done -= 1;
    return this.go(this.steps[this.done], 1);
  }
  async redo() {
    if (this.done === this.steps.length) return this.go([], 2);
    this.done += 1;
    return this.go(this.steps[this.done - 1], 2);
  }
  go(step, side) {
    const cues = {};
    for (const one of step) {
      if (one[side]) this.judged.set(one[0], one[side]);
      else this.judged.delete(one[0]);
      cues[one[0]] = this.view(one[0]);
    }
    if (!kept.set(this.key, JSON.stringify([...this.judged])))
      say("This browser keeps no unsaved work; export before you close the page.");
    return { cues, touched: step.map((one) => one[0]), moved: [], ...this.overall() };
  }

  // Files: Python's bytes with the placeholders filled.
  render(form) {
    const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    const made = JSON.parse($(`as-${form}`).textContent);
    const table = made.table.map(bytes);
    const any = now.cues.some((cue) => cue.tag);
    const filled = made.parts.map((part) => {
      if (typeof part === "number") return table[part];
      const [cue, values] = part;
      return table[cue < 0 ? values[any ? "any" : ""] : values[now.cues[cue].tag]];
    });
    if (!made.counted) return filled;
    const encoder = new TextEncoder();
    return filled
      .filter((block) => block.length)
      .flatMap((block, i) => [encoder.encode(`${i ? "\n" : ""}${i + 1}\n`), block]);
  }
  labels() {
    const lines = ["start,end,emotion"];
    now.cues.forEach((cue) => {
      const heard = cue.judged?.heard;
      if (heard) lines.push(`${cue.start / 1000},${cue.end / 1000},${heard}`);
    });
    return [new TextEncoder().encode(`${lines.join("\n")}\n`)];
  }
  judgements() {
    const cues = [...this.judged]
      .sort((a, b) => a[0] - b[0])
      .map(([i, { heard, shown }]) => ({ ...this.data.keys[i], heard, shown }));
    const content = {
      subemo_judgements: 1,
      film: { name: this.data.film, sha256: this.data.sha256 },
      cues,
      done: 0,
      history: [],
    };
    return [new TextEncoder().encode(`${JSON.stringify(content, null, 1)}\n`)];
  }
}
