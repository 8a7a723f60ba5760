"""The gallery of the documentation, from the outputs of `benchmarks.showcase`.

``python -m benchmarks.gallery FOLDER`` (``make showcase``) writes `docs/captioning/gallery.md` and the
pictures in `docs/pictures/gallery`: one frame or excerpt of each output, with its command.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from subemo.formats import FORMATS
from subemo.media import ffmpeg_executable
from subemo.tagging.presets import PRESETS

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "captioning" / "gallery.md"
PICTURES = DOCS / "pictures" / "gallery"

#: The words of the cue that is shown everywhere, and a time at which it is on screen.
WORDS, AT_S = "searching for someone", 19.5
#: The width of frames, and of pictures with small letters, in pixels.
FRAME_WIDTH, PICTURE_WIDTH = 640, 960
#: Formats for programs, whose cues are more than a few short lines.
_FOR_PROGRAMS = ("json", "ttml", "tsv")

_HEAD = """\
# Gallery

Every output of subemo for the sample trailer, each with its command. `make showcase` writes them all into the folder
`showcase`, and this page with its pictures from them. All commands have `--all`, which tags every cue, so that there is
something to see; with the default settings this trailer gets no tag.
"""


#: The line of a cue's times, or a whole cue of MPL2 or Advanced SubStation.
_TIMES = re.compile(r"-->|^\d+:\d\d:\d\d\.\d+,\d|^\[\d+\]\[|^Dialogue:")


@dataclass(frozen=True)
class Shown:
    """A picture of the gallery.

    Attributes:
        title: its heading
        command: what writes the file, without what all commands share
        file: the film or picture in the showcase
        alt: what it shows, for who does not see it
    """

    title: str
    command: str
    file: str
    alt: str


SHOWN = (
    Shown("Burned in", "--colour --burn burn.mp4", "burn.mp4", "A frame with its caption, tag included"),
    Shown(
        "Timeline", "--colour --timeline timeline.mp4", "timeline.mp4",
        "The same frame over a strip of the film's emotions, with its tags and a playhead",
    ),
    Shown(
        "Plot", "--colour --plot plot.png", "plot.png",
        "The film from left to right, with a mark for each tag at the height of the model's confidence",
    ),
)  # fmt: skip


def write_picture(file: Path, picture: Path) -> None:
    """Writes a frame of a film, or a picture, as a small JPEG."""
    is_film = file.suffix != ".png"
    at, width = (["-ss", str(AT_S)], FRAME_WIDTH) if is_film else ([], PICTURE_WIDTH)
    command = [ffmpeg_executable(), "-y", "-nostdin", "-loglevel", "error", *at, "-i", str(file)]
    scaled = ["-frames:v", "1", "-vf", f"scale={width}:-2:flags=lanczos", "-q:v", "4"]
    subprocess.run([*command, *scaled, "-bitexact", str(picture)], check=True)


def excerpt(file: Path) -> list[str]:
    """The lines of a caption file that belong to the cue of `WORDS`, times included."""
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    at = next(number for number, line in enumerate(lines) if WORDS in line)
    start = at
    while start and not _TIMES.search(lines[start]) and lines[start - 1].strip():
        start -= 1
    return lines[start : at + 1] if _TIMES.search(lines[start]) else [lines[at]]


def _command(options: str) -> str:
    return f"subemo annotate trailer.mp4 trailer.srt --all {options}"


def _block(lines: list[str], language: str = "text") -> str:
    return "\n".join([f"```{language}", *lines, "```", ""])


def _commands(*options: str) -> str:
    commands = _block([_command(one) for one in options], "sh")
    return f"<!-- not run: make showcase runs them -->\n\n{commands}"


def page(folder: Path) -> str:
    """The gallery's Markdown.

    Args:
        folder: of the showcase
    """
    parts = [_HEAD]
    for one in SHOWN:
        name = Path(one.file).with_suffix(".jpg").name
        picture = f"![{one.alt}](../pictures/gallery/{name}){{ .frame }}\n"
        parts += [f"## {one.title}\n", _commands(one.command), picture]
    parts += [
        "## Formats\n",
        _commands("--format FORMAT"),
        "One cue in each subtitle format; JSON, TSV and EBU-TT-D are written, too:\n",
    ]
    for form, writer in FORMATS.items():
        if form not in _FOR_PROGRAMS:
            lines = excerpt(folder / f"trailer.emo{writer.suffixes[0]}")
            parts += [f"`{form}`:\n", _block(lines)]
    parts += [
        "## House styles\n",
        _commands("--preset PRESET"),
        "| preset | the cue |",
        "|---|---|",
    ]
    for preset in sorted(PRESETS):
        words = excerpt(folder / f"preset-{preset}.srt")
        text = " / ".join(line for line in words if "-->" not in line and not line.isdigit())
        parts.append(f"| `{preset}` | `{text}` |")
    parts += [
        "",
        "## Languages of tags\n",
        _commands("--language LANGUAGE"),
        "| language | the cue |",
        "|---|---|",
    ]
    for language in ("de", "ja", "ar"):
        line = excerpt(folder / f"tags-in-{language}.vtt")[-1]
        parts.append(f"| `{language}` | `{line}` |")
    parts += [
        "", "## The review page\n",
        "`subemo review trailer.mp4 trailer.srt --all -o review.html` writes a page without a server; without `-o` it opens\n"
        "[the studio](studio.md).\n",
        "![The studio, with the film, its cues and the timeline](../pictures/review.jpg){ .frame }",
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def main(folder: Path) -> None:
    """Writes the page and its pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for one in SHOWN:
        write_picture(folder / one.file, PICTURES / Path(one.file).with_suffix(".jpg").name)
    PAGE.write_text(page(folder), encoding="utf-8")
    print(f"Written: {PAGE}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "showcase"))
