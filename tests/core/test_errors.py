import pickle
from pathlib import Path

from subemo.core.errors import MediaError, MissingExtraError


def test_message_says_where_what_and_what_to_do() -> None:
    error = MediaError("no such file", path="a.mp4", remedy="Check the path.")
    assert str(error) == "a.mp4: no such file. Check the path."


def test_survives_pickling_as_between_processes() -> None:
    error = pickle.loads(pickle.dumps(MediaError("broken", path="a.mp4", remedy="Mend it.")))
    assert isinstance(error, MediaError)
    assert (error.problem, error.path, error.remedy) == ("broken", Path("a.mp4"), "Mend it.")


def test_missing_extra_names_the_command_that_installs_it() -> None:
    assert "pip install 'subemo[train]'" in str(MissingExtraError.of("tensorflow", "train"))
