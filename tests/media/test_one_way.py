"""Films and sounds are opened by `subemo.media` alone, with its names, whitelists and time stamps."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import subemo

PACKAGE = Path(subemo.__file__).parent

#: Libraries that open films or sounds, and of each the names that do so.
OPENERS = {
    "av": {"open"},
    "cv2": {"VideoCapture"},
    "faster_whisper": {"decode_audio"},
    "ffmpeg": {"input", "probe"},
    "imageio": {"get_reader", "imread", "imopen", "mimread"},
    "librosa": {"load", "stream", "get_duration"},
    "moviepy": {"AudioFileClip", "VideoFileClip", "ImageClip", "ImageSequenceClip", "ffmpeg_tools"},
    "pydub": {"AudioSegment"},
    "scipy.io.wavfile": {"read"},
    "soundfile": {"read", "info", "blocks", "SoundFile"},
    "torchaudio": {"load", "info"},
    "wave": {"open"},
}
#: Methods of pydub's segments that open a file.
METHODS = {
    "from_file",
    "from_wav",
    "from_mp3",
    "from_ogg",
    "from_flv",
    "from_file_using_temporary_files",
}

ALLOWED = {
    "media/headers.py": {"av.open"},
    "media/audio.py": {"soundfile.read"},
    # A class; no method of it that opens a file.
    "research/films/building.py": {"pydub.AudioSegment"},
    # Bytes in memory that it encoded itself.
    "research/datasets/distortions.py": {"soundfile.read", "soundfile.SoundFile"},
}


def openers(source: str) -> Iterator[str]:
    """What in a module's source opens films or sounds."""
    tree = ast.parse(source)
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                known[name.asname or name.name] = name.name
        elif isinstance(node, ast.ImportFrom) and not node.level:
            library = node.module or ""
            names = OPENERS.get(library, OPENERS.get(library.split(".")[0], set()))
            for name in node.names:
                known[name.asname or name.name] = f"{library}.{name.name}"
                if name.name in names:
                    yield f"{library}.{name.name}"
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        if node.attr in METHODS:
            yield node.attr
        library = known.get(ast.unparse(node.value), "")
        if node.attr in OPENERS.get(library, set()):
            yield f"{library}.{node.attr}"


def unguarded_inputs(source: str) -> Iterator[str]:
    """Inputs of ffmpeg without whitelists, or with a name that could be a protocol."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "ffmpeg.input":
            text = ast.unparse(node)
            if text.startswith("ffmpeg.input('pipe:', format='rawvideo',"):
                continue  # pictures that we made
            if not text.startswith("ffmpeg.input(file_url(") or not (
                "**GUARDS" in text
                or ("protocol_whitelist=" in text and "format_whitelist=" in text)
            ):
                yield text


def test_nothing_else_opens_films_or_sounds() -> None:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        source = path.read_text(encoding="utf-8")
        used = set(openers(source)) - ALLOWED.get(name, set()) - {"ffmpeg.input"}
        used |= set(unguarded_inputs(source))
        if used:
            found[name] = used
    assert found == {}


def test_what_opens_films_is_found() -> None:
    for source, expected in {
        "from moviepy import AudioFileClip": ["moviepy.AudioFileClip"],
        "import moviepy as mp\nmp.VideoFileClip('x')": ["moviepy.VideoFileClip"],
        "import av\nav.open('x')": ["av.open"],
        "def f():\n    import soundfile as sf\n    sf.read('x')": ["soundfile.read"],
        "segment().from_file('x')": ["from_file"],
        "import soundfile\nsoundfile.write('x', y, 1)": [],
        "from moviepy.video.io.VideoFileClip import VideoFileClip": [
            "moviepy.video.io.VideoFileClip.VideoFileClip"
        ],
    }.items():
        assert list(openers(source)) == expected
    assert list(unguarded_inputs("ffmpeg.input('x', **GUARDS)"))
    assert list(unguarded_inputs("ffmpeg.input(file_url(x))"))
    assert not list(unguarded_inputs("ffmpeg.input(file_url(x), **GUARDS)"))
