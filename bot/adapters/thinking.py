"""Some models think aloud before they answer; what they think is no part of the answer."""

from __future__ import annotations

OPEN, CLOSE = "<think>", "</think>"


class WithoutThinking:
    """Passes text on, but for <think>…</think> blocks and white space at its very start, wherever the pieces are split."""

    def __init__(self) -> None:
        self._thinking = False
        self._aloud = False
        self._held = ""

    def hear(self, piece: str) -> str:
        """What may be passed on now."""
        if self._aloud:
            return piece
        self._held += piece
        while True:
            if self._thinking:
                _, closed, after = self._held.partition(CLOSE)
                if not closed:
                    self._held = self._held[-len(CLOSE) :]  # as much as a closing mark may have begun in
                    return ""
                self._thinking, self._held = False, after
            self._held = self._held.lstrip()
            if self._held.startswith(OPEN):
                self._thinking, self._held = True, self._held.removeprefix(OPEN)
            elif OPEN.startswith(self._held):
                return ""  # nothing yet, or what may become a block
            else:
                return self._speak()

    def rest(self) -> str:
        """What was held back at the end and was no thought after all."""
        return "" if self._thinking else self._speak()

    def _speak(self) -> str:
        self._aloud = True
        held, self._held = self._held, ""
        return held
