// What opens over the page: keys, a tag of one's own, the editor, publishing.
import { Offline } from "./backend.js";
import { $, film, make, now, say } from "./base.js";
import { advance, judge, owns, saved, take } from "./desk.js";

document.querySelectorAll("dialog .cancel").forEach((button) => {
  button.addEventListener("click", () => button.closest("dialog").close());
});
document.querySelectorAll("dialog").forEach((dialog) => {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
});
const complain = (dialog, text) => {
  dialog.querySelector(".error").textContent = text || "";
};
export const openKeys = () => {
  if (!$("keys").open) $("keys").showModal();
};

export const openOwn = () => {
  const cue = now.cues[now.current];
  if (!cue || cue.sound || now.backend instanceof Offline) return;
  $("own-known").replaceChildren(
    ...(now.data.own || []).map((tag) => {
      const option = make("option");
      option.value = tag;
      return option;
    }),
  );
  $("own-text").value = cue.judged?.own || "";
  complain($("own"), "");
  $("own").showModal();
};
const saveOwn = async () => {
  const written = $("own-text").value.trim();
  if (!written) {
    complain($("own"), "Write one or a few words, such as whispers.");
    return;
  }
  const tag = /^[[(]/.test(written) ? written : `[${written}]`;
  const error = await judge(owns(tag), { advances: false });
  if (error) {
    complain($("own"), error);
    return;
  }
  now.data.own = [...new Set([...(now.data.own || []), tag])].sort();
  $("own").close();
  advance([now.current]);
};
$("own-save").addEventListener("click", saveOwn);
$("own-text").addEventListener("keydown", (event) => {
  if (event.key === "Enter") {
    event.preventDefault();
    saveOwn();
  }
});

export const openEdit = () => {
  const cue = now.cues[now.current];
  if (!cue || cue.sound || now.backend instanceof Offline) return;
  film.pause();
  $("edit-text").value = cue.raw ?? cue.text;
  $("edit-start").value = (cue.start / 1000).toFixed(3);
  $("edit-end").value = (cue.end / 1000).toFixed(3);
  complain($("edit"), "");
  $("edit").showModal();
};
const saveEdit = async (isReset) => {
  const i = now.current;
  const cue = now.cues[i];
  const old = cue.judged || {};
  const kept = { heard: old.heard || null, shown: old.shown || "rules", own: old.own };
  const milliseconds = (id) => Math.round(Number($(id).value) * 1000);
  const edited = isReset ? kept : { ...old, ...kept };
  if (!isReset) {
    const text = $("edit-text").value.replace(/\s+$/, "");
    if (text !== (cue.raw ?? cue.text)) edited.text = text;
    if (milliseconds("edit-start") !== cue.start) edited.new_start = milliseconds("edit-start");
    if (milliseconds("edit-end") !== cue.end) edited.new_end = milliseconds("edit-end");
  }
  try {
    take(await now.backend.judge({ [i]: edited }), [i]);
    saved();
    $("edit").close();
    say(isReset ? "Reset." : "Changed. The export includes it.");
  } catch (error) {
    complain($("edit"), error.message);
  }
};
$("edit-save").addEventListener("click", () => saveEdit(false));
$("edit-reset").addEventListener("click", () => saveEdit(true));
$("edit").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    saveEdit(false);
  }
});

export const openPublish = () => {
  if ($("publish").open) return;
  const { done, total, tags, review, sounds } = now.data;
  const left = total - done;
  const open = left
    ? `${left} ${left === 1 ? "cue is" : "cues are"} not checked and keep the model's tags.`
    : "Every cue worth checking is checked.";
  const shows = tags === undefined ? now.cues.filter((cue) => cue.shown).length : tags;
  const ofSounds =
    sounds === 1 ? ", and 1 sound has a cue of its own" : `, and ${sounds} sounds have cues of their own`;
  const told = review ? ` The captions say that ${review}.` : "";
  $("publish-summary").textContent =
    `${shows} of ${now.data.count} cues show a tag${sounds ? ofSounds : ""}. ${open}${told}`;
  complain($("publish"), "");
  $("publish").showModal();
  ($("publish-go").hidden ? $("exports").querySelector("button") : $("publish-go")).focus();
};
export const publishKinds = ["captions", "mux", "burn"];
const publishNow = async () => {
  const wanted = { overwrite: $("want-overwrite").checked };
  for (const kind of publishKinds) if ($(`want-${kind}`).checked) wanted[kind] = $(`name-${kind}`).value.trim();
  complain($("publish"), "");
  $("published").replaceChildren();
  $("publish-go").disabled = true;
  try {
    await now.backend.post("publish", wanted);
  } catch (error) {
    complain($("publish"), error.message);
    $("publish-go").disabled = false;
  }
};
$("publish-go").addEventListener("click", publishNow);
export const showPublish = (told) => {
  const isRunning = told.state === "running";
  $("publish-progress").hidden = !isRunning;
  $("publish-go").disabled = isRunning;
  if (isRunning) {
    if (told.total) {
      $("publish-bar").max = told.total;
      $("publish-bar").value = Math.min(told.done, told.total);
    } else $("publish-bar").removeAttribute("value");
    $("publish-stage").textContent = told.total
      ? `${told.stage}: ${Math.round((100 * told.done) / told.total)} %`
      : `${told.stage} …`;
  } else if (told.state === "failed") {
    complain(
      $("publish"),
      told.exists ? `${told.error} Tick “Replace files that exist”, or choose another name.` : told.error,
    );
    if (told.exists) $("want-overwrite").focus();
  } else if (told.state === "done") {
    const title = make("h3", "", "Published");
    const names = make("p", "", `${told.written.join(", ")} in ${told.folder}`);
    const notes = make("ul");
    notes.append(...told.notes.map((note) => make("li", "", note)));
    $("published").replaceChildren(title, names, ...(told.notes.length ? [notes] : []));
    if ($("publish").open) $("publish").querySelector(".cancel").focus();
    else say(`Published: ${told.written.join(", ")}`);
  }
};
const download = (name, parts) => {
  const link = make("a");
  link.href = URL.createObjectURL(new Blob(parts, { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  say(`${name} was handed to the browser's downloads.`);
};
export const buildExports = () => {
  const stem = now.data.stem;
  const button = (id, name, parts) => {
    const made = make("button", "", name);
    made.type = "button";
    made.id = `export-${id}`;
    made.addEventListener("click", () => download(now.data.exports.includes(id) ? `${stem}.emo.${id}` : name, parts()));
    $("exports").append(made);
  };
  for (const form of now.data.exports) button(form, `.${form}`, () => now.backend.render(form));
  button("labels", "labels.csv", () => now.backend.labels());
  button("judged", `${now.data.film.replace(/\.[^.]*$/, "")}.judged.json`, () => now.backend.judgements());
};
