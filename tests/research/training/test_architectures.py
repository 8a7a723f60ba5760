from __future__ import annotations

import pytest

from subemo.research.training.architectures import ARCHITECTURES, FINAL, REPORT_CRNN_PARAMETERS

from ...conftest import needs

pytestmark = needs("tensorflow")

#: Appendix 11, line by line.
APPENDIX_11 = [
    ("Conv1D", (None, 161, 64), 384),
    ("MaxPooling1D", (None, 80, 64), 0),
    ("Conv1D", (None, 80, 128), 24_704),
    ("MaxPooling1D", (None, 40, 128), 0),
    ("Conv1D", (None, 40, 256), 98_560),
    ("MaxPooling1D", (None, 20, 256), 0),
    ("Conv1D", (None, 20, 512), 393_728),
    ("MaxPooling1D", (None, 10, 512), 0),
    ("TimeDistributed", (None, 10, 512), 0),
    ("GRU", (None, 10, 64), 110_976),
    ("Dropout", (None, 10, 64), 0),
    ("GRU", (None, 10, 64), 24_960),
    ("Dropout", (None, 10, 64), 0),
    ("GRU", (None, 10, 64), 24_960),
    ("Dropout", (None, 10, 64), 0),
    ("GRU", (None, 64), 24_960),
    ("Dropout", (None, 64), 0),
    ("Dense", (None, 8), 520),
]


@pytest.mark.parametrize("unroll", [False, True])
def test_is_appendix_11(unroll: bool) -> None:
    model = ARCHITECTURES[FINAL].build(unroll=unroll)
    layers = [(type(x).__name__, x.output.shape, x.count_params()) for x in model.layers]
    assert layers == APPENDIX_11
    assert model.count_params() == REPORT_CRNN_PARAMETERS == 703_752


def test_activations_are_the_reports() -> None:
    convolutions = [x for x in ARCHITECTURES[FINAL].build().layers if type(x).__name__ == "Conv1D"]
    assert [x.activation.__name__ for x in convolutions] == ["relu", "elu", "tanh", "relu"]
