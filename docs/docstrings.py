"""What the API pages change in what griffe reads: titles of examples, and defaults of settings."""

from __future__ import annotations

import re
from typing import Any

import griffe


class Readable(griffe.Extension):
    """Shows an example as code, and a setting's default without how it is declared."""

    def on_attribute_instance(self, *, attr: griffe.Attribute, **kwargs: Any) -> None:
        """Leaves of ``_setting(default, help, …)`` the default."""
        value = attr.value
        if isinstance(value, griffe.ExprCall) and str(value.function) == "_setting":
            attr.value = value.arguments[0]

    def on_object(self, *, obj: griffe.Object, **kwargs: Any) -> None:
        """Names the section "Examples:", Google's plural, which is the name that griffe knows."""
        if obj.docstring is not None:
            obj.docstring.value = re.sub(r"(?m)^Example:$", "Examples:", obj.docstring.value)
