from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subemo.core.emotions import EMOTIONS, UNMARKED, Emotion
from subemo.core.errors import CorpusError, SettingsError
from subemo.research.corpora import Clip, Split, read_corpus
from subemo.research.corpora.backgrounds import Backgrounds, read_film_backgrounds
from subemo.research.films.dialogues import (
    CONTRARY,
    Agreement,
    Dialogue,
    Script,
    ScriptLine,
    read_script,
    sex_of,
)
from subemo.research.films.plan import (
    Casting,
    Dropped,
    FilmPlan,
    FilmRecipe,
    FilmVoices,
    plan_films,
)

MELD = [emotion for emotion in EMOTIONS if emotion is not Emotion.CALM]
BACKGROUNDS = Backgrounds((Path("a.ogg"), Path("b.ogg")), ())


def voices(*, lacking: Emotion | None = Emotion.DISGUST, takes: int = 10) -> FilmVoices:
    clips = [
        Clip(Path(f"{speaker}-{emotion}-{take}.wav"), emotion, f"casia-{speaker}", sex, "casia")
        for speaker, sex in (("a", "female"), ("b", "female"), ("c", "male"), ("d", "male"))
        for emotion in MELD
        if emotion is not lacking
        for take in range(takes)
    ]
    return FilmVoices("casia", tuple(clips))


def script(dialogues: int = 12) -> Script:
    generator = np.random.default_rng(3)
    found = []
    for number in range(dialogues):
        lines, now = [], 0
        for place in range(8):
            emotion = MELD[int(generator.integers(len(MELD)))]
            gap = int(generator.integers(-500, 9_000))
            person = ("Monica", "Ross", "All", "Joey")[place % 4]
            name = f"dev-{number}-{place}"
            lines.append(
                ScriptLine(name, person, emotion, f"Words {name}", now + gap, now + gap + 1_000)
            )
            now += gap + 1_000
        found.append(Dialogue(f"dev-{number}", (1, number), tuple(lines)))
    return tuple(found)


def lines_of(dialogues: Script) -> list[ScriptLine]:
    return [line for dialogue in dialogues for line in dialogue.lines]


def plan(count: int = 1, *, of: FilmVoices | None = None, **changes: object) -> list[FilmPlan]:
    recipe = FilmRecipe(**{"cues": 40, **changes})  # type: ignore[arg-type]
    return plan_films(
        Split.REPORTING,
        of or voices(),
        script(),
        BACKGROUNDS,
        count,
        recipe,
        duration_of=lambda clip: 1_500,
    )


def test_whole_dialogues_one_after_the_other_at_the_rate() -> None:
    (film,) = plan()
    cues = film.cues
    assert 40 <= len(cues) < 48
    for before, after in pairwise(cues):
        assert after.start_ms - before.end_ms >= 100
    assert all(cue.end_ms - cue.start_ms == 1_500 for cue in cues)
    assert 60_000 * len(cues) / film.duration_ms == pytest.approx(12, abs=0.1)
    order = {line.name: place for place, line in enumerate(lines_of(script()))}
    for scene in film.scenes:
        places = [order[cue.line] for cue in scene.cues]
        assert places == sorted(places)
        assert {cue.line.rpartition("-")[0] for cue in scene.cues} == {scene.dialogue}


def test_pauses_are_melds_where_they_can_be() -> None:
    (film,) = plan()
    lines = {line.name: line for line in lines_of(script())}
    for scene in film.scenes:
        for before, after in pairwise(scene.cues):
            wanted = lines[after.line].start_ms - lines[before.line].end_ms
            assert after.start_ms - before.end_ms == min(max(wanted, 100), 4_000)


def test_voices_are_of_the_right_sex_mood_and_kept() -> None:
    (film,) = plan()
    played: dict[str, set[str | None]] = {}
    for cue in film.cues:
        played.setdefault(cue.person, set()).add(cue.clip.speaker)
        assert cue.clip.emotion is cue.emotion
        assert sex_of(cue.person) in (None, cue.clip.sex)
    assert all(len(speakers) == 1 for speakers in played.values())
    assert len(set.union(*played.values())) == 4  # nobody has two roles who need not


def test_a_clip_is_heard_twice_at_most_and_what_is_lacking_is_counted() -> None:
    (film,) = plan(of=voices(takes=1))
    assert max(Counter(cue.clip.key for cue in film.cues).values()) <= 2
    assert film.dropped[Dropped.NO_CLIP] > 0
    assert film.dropped[Dropped.NO_MOOD] > 0
    assert Emotion.DISGUST not in {cue.emotion for cue in film.cues}
    names = [scene.dialogue for scene in film.scenes]
    every = sum(len(d.lines) for d in script() if d.name in names)
    # A dialogue of which no line is left has no scene.
    assert len(film.cues) + sum(film.dropped.values()) >= every


def test_few_clips_a_speaker_are_cast_anew_in_each_dialogue() -> None:
    assert voices(takes=10).casting is Casting.FILM
    assert voices(takes=2).casting is Casting.DIALOGUE


def test_a_third_of_the_emotional_and_a_tenth_of_the_neutral_disagree() -> None:
    (film,) = plan(cues=80)
    lines = {line.name: line for line in lines_of(script())}
    neutral = [cue for cue in film.cues if cue.emotion in UNMARKED]
    emotional = [cue for cue in film.cues if cue.emotion not in UNMARKED]
    for cues, share in ((emotional, 1 / 3), (neutral, 0.1)):
        against = [cue for cue in cues if cue.subtitle.agreement is Agreement.CONTRADICTED]
        assert len(against) == round(share * len(cues))
        for cue in against:
            lender = lines[cue.subtitle.line]
            assert (cue.subtitle.text, cue.subtitle.emotion) == (lender.text, lender.emotion)
            assert lender.emotion in (*CONTRARY[cue.emotion], Emotion.NEUTRAL)
            assert lender.emotion is not cue.emotion
            assert cue.subtitle.line.rpartition("-")[0] != cue.line.rpartition("-")[0]
    for cue in film.cues:
        if cue.subtitle.agreement is Agreement.AGREEING:
            assert cue.subtitle.line == cue.line


def test_two_scenes_of_three_have_music_in_its_range() -> None:
    (film,) = plan(cues=70)
    for start in range(0, len(film.scenes) - 2, 3):
        assert sum(scene.music is not None for scene in film.scenes[start : start + 3]) == 2
    levels = [scene.snr_db for scene in film.scenes if scene.music]
    assert all(5 <= level <= 15 for level in levels)


def test_films_share_no_dialogue_and_are_the_same_again() -> None:
    first, second = plan(2)
    assert not {s.dialogue for s in first.scenes} & {s.dialogue for s in second.scenes}
    assert plan(2) == [first, second]
    assert plan(1, seed=1)[0].scenes != first.scenes
    with pytest.raises(CorpusError, match="too few dialogues"):
        plan(9)


def test_voices_of_nobody_are_refused() -> None:
    clip = Clip(Path("x.wav"), Emotion.SAD, None, None, "casia")
    with pytest.raises(CorpusError, match="not a clip of a speaker of casia"):
        FilmVoices("casia", (clip,))


@pytest.mark.parametrize("change", [{"cues": 0}, {"seed": -1}])
def test_recipes_that_cannot_be(change: dict[str, float]) -> None:
    with pytest.raises(SettingsError):
        FilmRecipe(**change)  # type: ignore[arg-type]


@given(st.integers(0, 50), st.integers(1, 60))
def test_any_recipe_makes_films_in_order(seed: int, cues: int) -> None:
    (film,) = plan(1, seed=seed, cues=cues)
    times = [time for cue in film.cues for time in (cue.start_ms, cue.end_ms)]
    assert times == sorted(times)
    assert times[-1] < film.duration_ms
    assert max(Counter(cue.clip.key for cue in film.cues).values()) <= 2


@pytest.mark.parametrize("corpus", ["ravdess", "savee"])
def test_the_real_choosing_films(corpora: Path, corpus: str) -> None:
    chosen = FilmVoices(corpus, tuple(read_corpus(corpora / corpus).clips))
    lines = read_script(corpora / "text/meld", Split.CHOOSING)
    backgrounds = read_film_backgrounds(corpora / "backgrounds", Split.CHOOSING)
    films = plan_films(
        Split.CHOOSING, chosen, lines, backgrounds, 3, FilmRecipe(), duration_of=lambda _: 2_500
    )
    for film in films:
        assert 185 <= len(film.cues) < 215
        assert Emotion.CALM not in {cue.emotion for cue in film.cues}
        assert sum(film.dropped.values()) < 20
        assert {cue.line.partition("-")[0] for cue in film.cues} == {"train"}
