#!/bin/sh
# See that the programs which some tests drive are here: .ci/programs.sh chromium redis-server tesseract
# As root on Debian the missing ones are installed; elsewhere the line that installs them is shown, and their tests are skipped.
set -eu

here() {
    command -v "$1" >/dev/null 2>&1 && return
    [ "$1" = chromium ] && { command -v google-chrome || command -v chromium-browser; } >/dev/null 2>&1
}

package() {
    case "$1" in tesseract) echo tesseract-ocr ;; *) echo "$1" ;; esac
}

missing=
for program in "$@"; do
    here "$program" || missing="$missing $(package "$program")"
done
[ -n "$missing" ] || exit 0

on_debian() { [ -r /etc/os-release ] && grep -q '^ID=debian$' /etc/os-release; }

if on_debian && [ "$(id -u)" = 0 ]; then
    echo "The tests need$missing: installing with apt-get."
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086  the names are separate words
    apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing >/dev/null && exit 0
    echo "apt-get could not install$missing." >&2
fi
echo "Not here:$missing. The tests that drive them are skipped. To run those too:"
if command -v brew >/dev/null 2>&1; then
    echo "    brew install $(echo "$missing" | sed 's/redis-server/redis/; s/tesseract-ocr/tesseract/')"
else
    echo "    sudo apt-get install --no-install-recommends$missing"
fi
