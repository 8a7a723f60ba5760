"""What MkDocs does not do by itself: pages from outside docs/, and no request to another host."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
#: Pages of the site that lie elsewhere in the repository.
ELSEWHERE = {
    "ARCHITECTURE.md": "project/architecture.md",
    "CHANGELOG.md": "project/changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "SECURITY.md": "project/security.md",
    "models/README.md": "research/models.md",
    "samples/README.md": "captioning/sample.md",
    **{
        f"models/{folder.name}/README.md": f"research/models/{folder.name}.md"
        for folder in sorted((ROOT / "models").iterdir())
        if (folder / "README.md").is_file()
    },
}
_HOME = {page: place for place, page in ELSEWHERE.items()}
_LINK = re.compile(r"(\]\()(?!https?:|mailto:|#)([^)#\s]+)((?:#[^)]*)?\))")
_LOADED = re.compile(r'<(?:script|img|iframe|source)\b[^>]*\ssrc="(?:https?:)?//[^"]+"'
                     r'|<link\b[^>]*\shref="(?:https?:)?//[^"]+"')  # fmt: skip


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages that lie outside docs/."""
    from mkdocs.structure.files import File

    for place, page in ELSEWHERE.items():
        files.append(File.generated(config, page, abs_src_path=str(ROOT / place)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turns links between files of the repository into links between pages of the site."""
    own = page.file.src_uri
    source = _HOME.get(own, f"docs/{own}")

    def linked(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), match[2]))
        target = "docs/index.md" if target == "README.md" else target
        uri = ELSEWHERE.get(target, target.removeprefix("docs/"))
        return match[1] + posixpath.relpath(uri, posixpath.dirname(own) or ".") + match[3]

    return _LINK.sub(linked, markdown)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Refuses a page that would load something from another host."""
    from mkdocs.exceptions import PluginError

    found = _LOADED.search(output)
    if found is not None:
        raise PluginError(f"{page.file.src_uri} loads from another host: {found[0]}")
    return output
