"""What sounds are assumed to say about emotions."""

from __future__ import annotations

from subemo.model.bundle import find_bundle, read_bundle
from subemo.model.decision import MOST_BY_SOUND
from subemo.research.sounds.making import assumed_moods
from subemo.sounds.weights import find_weights


def test_the_shipped_shares_are_the_assumed_ones_and_within_the_bound() -> None:
    bundle = read_bundle(find_bundle("subemo-crnn"))
    features = {"name": bundle.features.name, "parameters": dict(bundle.features.parameters())}
    weights = find_weights("subemo-crnn", features)
    assert weights is not None
    assert weights.moods == assumed_moods()
    for of in weights.moods.values():
        assert max(of.values()) / min(of.values()) <= MOST_BY_SOUND
