"""What the pretend model says of a picture: it sees no more of it than its size and its two most frequent colours."""

import io
from base64 import b64decode
from collections import Counter

from PIL import Image, UnidentifiedImageError

_NAMED = {
    "white": (255, 255, 255), "black": (0, 0, 0), "grey": (128, 128, 128), "red": (220, 30, 30), "green": (30, 160, 60),
    "blue": (30, 60, 200), "yellow": (240, 220, 40), "orange": (240, 140, 20), "purple": (130, 40, 160), "brown": (130, 80, 40),
}  # fmt: skip
_DOTS = (48, 48)  # that it is made smaller to
NOTHING = "A picture that cannot be opened."


def look_at(address: str) -> str:
    """One sentence about the picture in a data: address."""
    try:
        with Image.open(io.BytesIO(b64decode(address.partition("base64,")[2]))) as image:
            across, down = image.size
            small = image.convert("RGB").resize(_DOTS)
    except (UnidentifiedImageError, ValueError, OSError):
        return NOTHING
    counts = Counter(_name(tuple(small.tobytes()[at : at + 3])) for at in range(0, 3 * _DOTS[0] * _DOTS[1], 3))
    colours = " and ".join(name for name, _ in counts.most_common(2))
    shape = "as high as it is wide" if across == down else "wider than it is high" if across > down else "higher than it is wide"
    return f"A picture, {shape}, of {across} by {down} dots, mostly {colours}."


def _name(colour: tuple[int, ...]) -> str:
    return min(_NAMED, key=lambda name: sum((one - other) ** 2 for one, other in zip(_NAMED[name], colour, strict=True)))
