#!/bin/sh
# Make .venv and install one hashed lock into it: .ci/venv.sh requirements.lock
set -eu
cd "$(dirname "$0")/.."
lock=$1
log=.venv/install.log

say() { printf '%s\n' "$*"; }
fail() { printf 'Ibid: %s\n' "$@" >&2; exit 1; }
fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1; }

choose_python() {
    if [ -n "${PYTHON:-}" ]; then
        command -v "$PYTHON" >/dev/null 2>&1 || fail "PYTHON is $PYTHON, which is not there."
        fits "$PYTHON" || fail "PYTHON is $PYTHON, which is $("$PYTHON" --version 2>&1); Ibid needs Python 3.11 to 3.14."
        say "$PYTHON"
        return
    fi
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if fits "$candidate"; then
            say "$candidate"
            return
        fi
    done
    fail "needs Python 3.11 to 3.14; python3 here is $(python3 --version 2>&1 || true)." \
        "Install one, or name it: make demo PYTHON=/path/to/python3.12"
}

make_venv() {
    if .venv/bin/python -c 'import pip' >/dev/null 2>&1 && fits .venv/bin/python; then
        return
    fi
    python=$(choose_python)
    "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 || fail \
        "$python has no venv with pip. On Debian or Ubuntu: apt-get install python3-venv" \
        "elsewhere: your system's package for Python's venv and ensurepip. Then run the same make again."
    rm -rf .venv
    "$python" -m venv .venv
}

installed() { # what pip is doing, in a few words
    if grep -q '^Installing collected' "$log"; then
        say "unpacking and compiling"
    else
        say "$(grep -c -e '^Collecting' -e '^Requirement already' "$log") of at most $packages packages"
    fi
}

install() {
    packages=$(grep -c '^[a-z0-9].*==' "$lock")
    .venv/bin/python -m pip install --no-input --disable-pip-version-check --no-deps --require-hashes -r "$lock" >"$log" 2>&1 &
    pip=$!
    trap 'kill $pip 2>/dev/null; exit 130' INT TERM
    while kill -0 $pip 2>/dev/null; do
        if [ -t 1 ]; then printf '\r  %-48s' "$(installed)"; fi
        sleep 1
    done
    if [ -t 1 ]; then printf '\r%-50s\r' ''; fi
    wait $pip || {
        grep -v '^WARNING: Location' "$log" | tail -15 >&2
        fail "the packages could not be installed; pip's last words are above, all of them in $log." \
            "Is a package registry reachable (a proxy or mirror goes into pip's own configuration)? Then run the same make again."
    }
}

# The command `ibid`: -P keeps a folder named bot where you stand from being taken for Ibid's.
add_command() {
    site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    say ../../../.. >"$site/ibid.pth"
    printf '#!/bin/sh\nexec "$(dirname "$0")/python" -P -m bot "$@"\n' >.venv/bin/ibid
    chmod +x .venv/bin/ibid
}

case $lock in
    requirements.lock) size="about 205 MB to download, 740 MB on disk" ;;
    *) size="about 290 MB to download, 1030 MB on disk, tools for the tests included" ;;
esac
say "Ibid installs the packages of $lock into .venv here: $size; one to two minutes on a usual line."
started=$(date +%s)
make_venv
install
add_command
say "Installed in $(($(date +%s) - started)) seconds. The next start skips this."
