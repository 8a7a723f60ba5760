from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime
import pytest

from subemo.features.encoder_graph import Graph


def answers(content: bytes, **given: np.ndarray) -> list[np.ndarray]:
    session: Any = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return list(session.run(None, given))


def test_a_graph_that_another_library_reads() -> None:
    graph = Graph()
    product = graph.add("MatMul", "x", graph.constant(np.array([[1, 2], [3, 4]], np.float32)))
    shifted = graph.add("Add", product, graph.constant(np.array([0.5, -1], np.float16)))
    content = graph.to_bytes({"x": ("rows", 2)}, {product: ("rows", 2), shifted: ("rows", 2)})
    one, other = answers(content, x=np.array([[1, 0], [0, 1], [1, 1]], np.float32))
    np.testing.assert_array_equal(one, [[1, 2], [3, 4], [4, 6]])
    np.testing.assert_array_equal(other, [[1.5, 1], [3.5, 3], [4.5, 5]])


def test_attributes_and_several_outputs() -> None:
    graph = Graph()
    first, second = graph.add_many("Split", "x", outputs=2, axis=-1, num_outputs=2)
    turned = graph.add("Transpose", second, perm=[1, 0])
    steep = graph.add("LeakyRelu", first, alpha=0.5)
    content = graph.to_bytes({"x": (1, 4)}, {turned: (2, 1), steep: (1, 2)})
    one, other = answers(content, x=np.array([[-2, 2, 3, 4]], np.float32))
    np.testing.assert_array_equal(one, [[3], [4]])
    np.testing.assert_array_equal(other, [[-1, 2]])


def test_whole_numbers() -> None:
    graph = Graph()
    shaped = graph.add("Reshape", "x", graph.numbers(-1, 300))
    (found,) = answers(
        graph.to_bytes({"x": (1, 600)}, {shaped: (2, 300)}), x=np.zeros((1, 600), np.float32)
    )
    assert found.shape == (2, 300)


def test_a_type_that_a_file_cannot_hold() -> None:
    with pytest.raises(KeyError):
        Graph().constant(np.zeros(3, np.complex64))
