"""Find anything (Ctrl+K): one line to type in, what it was understood as, and where Enter leads. No mouse needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from console.domain.find import NOTHING_ASKED, Findings, Hit, HitKind
from console.ui.dialogs.written_list import RowPainter, WrittenList
from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, text_width
from console.ui.models.filter_line import quoted
from console.ui.models.find_names import FindNames
from console.ui.plain import safe_text
from console.ui.theme import Theme

SIZE, KIND_PX = (720, 520), 96
AGAIN_MS, SLOW_MS = 400, 200
HIT_ROLE = Qt.ItemDataRole.UserRole + 1
BY = {"id": "by name", "serial": "by serial", "mac": "by MAC", "ip": "by IP"}
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Target:
    """A line of the list: what it is, its name, a second word, and the address that it opens."""

    kind: str
    title: str
    detail: str
    address: str

    @property
    def words(self) -> str:
        """For a screen reader."""
        return ", ".join(part for part in (self.kind, self.title, self.detail) if part)


class Targets(QAbstractListModel):
    """What was found, best first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.targets: tuple[Target, ...] = ()

    def show(self, targets: Sequence[Target]) -> None:
        """Another list."""
        self.beginResetModel()
        self.targets = tuple(targets)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """One a line."""
        return 0 if parent.isValid() else len(self.targets)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words, and the target for the delegate."""
        if not index.isValid():
            return None
        target = self.targets[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return safe_text(target.words)
        return target if role == HIT_ROLE else None


class TargetPainter(RowPainter):
    """Kind, title, detail."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """One target as plain text."""
        target, theme = index.data(HIT_ROLE), self.theme
        if target is None:
            return
        painter.save()
        area = self.paint_ground(painter, option)
        kind = area.adjusted(px(14), 0, 0, 0)
        kind.setWidth(px(KIND_PX) - px(14))
        paint_elided(painter, kind, target.kind, font(Role.CAPTION), theme.t3)
        title = area.adjusted(px(KIND_PX), 0, -px(12), 0)
        words = safe_text(target.title)
        width = min(title.width(), text_width(font(Role.BODY_BOLD), words) + 1)
        paint_elided(
            painter, QRectF(title.left(), title.top(), width, title.height()), words, font(Role.BODY_BOLD), theme.t1
        )
        rest = title.adjusted(width + px(12), 0, 0, 0)
        if rest.width() > 20:
            paint_elided(painter, rest, safe_text(target.detail), font(Role.CAPTION), theme.t2, right=True)
        painter.restore()


class FindDialog(WrittenList):
    """`chosen` carries an address of the shell; Escape carries nothing.

    Of equal finds those of the site `here` are listed first.
    What is listed may still be of the text before: Enter means the text as written, so it waits for what that finds.
    """

    chosen = Signal(str)

    def __init__(self, names: FindNames, here: str, theme: Theme, parent: QWidget) -> None:
        super().__init__("Find anything", SIZE, theme, parent)
        self._names, self._here = names, here
        self.targets = Targets(self)
        hint = "Site, container, miner, serial, MAC, IP, view"
        self.lay_out(self.targets, TargetPainter(theme, self.list), hint, "find anything", "found")
        self.line.textChanged.connect(self._write)
        self.line.entered.connect(self._enter)
        self.list.chosen.connect(self._open)
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self._search)
        self._slow = QTimer(self, singleShot=True, interval=SLOW_MS)
        self._slow.timeout.connect(lambda: self.say(["searching"]))
        self.listed: str | None = None  # the text whose finds are listed
        self._enter_waits = False
        names.changed.connect(self._more_names)
        names.found.connect(self._take)
        names.prepare(here)
        self._take("", NOTHING_ASKED)

    def _more_names(self) -> None:
        """Search once more, but not for each handful of sites: half a million names are no small thing to search."""
        if not self._names.waiting:
            self._again.stop()
            self._search()
        elif not self._again.isActive():
            self._again.start()

    def _write(self, _text: str) -> None:
        self._enter_waits = False
        self._search()

    def _search(self) -> None:
        self._slow.start()
        self._names.search(self.line.text())

    def _take(self, text: str, found: Findings) -> None:
        if text != self.line.text():
            return  # the search for what was written since follows
        self._slow.stop()
        before = self._marked() if text == self.listed else None  # of another text the best is marked, not this one
        targets = self._targets(text, found)
        self.listed = text
        self.targets.show(targets)
        self._say(found)
        if targets:
            self.list.setCurrentIndex(self.targets.index(targets.index(before) if before in targets else 0))
        if self._enter_waits:
            self._enter()

    def _marked(self) -> Target | None:
        place = max(0, self.list.currentIndex().row())
        return self.targets.targets[place] if place < len(self.targets.targets) else None

    def _say(self, found: Findings) -> None:
        words = [found.understood]
        if found.total > len(found.hits):
            words.append(f"the first {len(found.hits)} are listed")
        sites = {hit.site_id for hit in found.hits if hit.site_id}
        if self._here in sites and len(sites) > 1:
            words.append(f"those of {safe_text(self._site_names()[self._here])} first")
        if self._names.waiting:
            words.append(
                f"reading names: {self._names.sites - self._names.waiting} of {self._names.sites} sites so far"
            )
        words.append("Up, Down, Enter, Esc")
        self.say(words)

    def _targets(self, text: str, found: Findings) -> list[Target]:
        if not text.strip():
            return [Target("view", name, "", address) for address, name in self._names.views.items()]
        names = self._site_names()
        targets = [self._target(hit, names) for hit in found.hits]
        if found.total > len(found.hits) and len(text.split()) == 1:
            asked = f"miners:*?{quoted(text.strip())}"
            targets.append(Target("miners", f"All that hold {text.strip()}", "in the miner table", asked))
        return targets

    def _site_names(self) -> dict[str, str]:
        return {now.site.id: now.site.name for now in self._names.live_sites}

    def _target(self, hit: Hit, sites: dict[str, str]) -> Target:
        site = sites.get(hit.site_id, hit.site_id)
        if hit.kind is HitKind.VIEW:
            address = next(address for address, name in self._names.views.items() if name == hit.title)
            return Target("view", hit.title, "", address)
        if hit.kind is HitKind.SITE:
            return Target("site", hit.title, hit.site_id, f"site:{hit.site_id}")
        if hit.kind is HitKind.CONTAINER:
            return Target("container", hit.title, site, f"racks:{hit.site_id}/{hit.container}")
        detail = " · ".join(part for part in (BY[hit.by], hit.container, site) if part)
        return Target("miner", hit.title, detail, f"miner:{hit.site_id}/{hit.miner_id}")

    def _enter(self) -> None:
        self._enter_waits = self.listed != self.line.text()
        if not self._enter_waits:
            self._open(self.list.currentIndex())

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            address = self.targets.targets[index.row()].address
            self.accept()
            self.chosen.emit(address)
