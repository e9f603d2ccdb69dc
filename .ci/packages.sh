# Debian and Ubuntu packages, for the two commands that source this file. Elsewhere it only names what is missing.

# packages_for WHAT: the packages that running (run) or testing (test) needs.
packages_for() {
  echo "libxgboost0 libsqlite3-0 librsvg2-bin fonts-dejavu-core"
  [ "$1" = run ] || echo "$TEST_PACKAGES"
}

# The tests ask XGBoost's own Python package whether it predicts what we predict, from the same file, and start a PostgreSQL of their own,
# compile a library that lets the accesses of a process to its files fail, drive the studio
# in a browser, and run the examples of docs/api.md.
TEST_PACKAGES="python3-xgboost postgresql gcc libc6-dev chromium curl"

# install_packages WHAT: installs the missing ones, says so first, asks for rights only if it needs them.
install_packages() {
  local wanted missing="" as_root="" p
  if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
    return 0 # `sigmatiq doctor` names what is missing there
  fi
  wanted=$(packages_for "$1")
  for p in $wanted; do
    dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
  done
  [ -n "$missing" ] || return 0
  echo "Installing$missing" >&2
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null 2>&1 || { echo "Please run as root: apt-get install$missing" >&2; return 1; }
    as_root="sudo"
  fi
  # The package lists of a fresh machine may be empty or old: fetch them only if the first attempt fails.
  # shellcheck disable=SC2086
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >/dev/null 2>&1 && return 0
  $as_root apt-get update -q >/dev/null 2>&1 || true
  # shellcheck disable=SC2086
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >&2
}

# need PROGRAM HOW: stops with the way to get a program that only a person can install.
need() {
  command -v "$1" >/dev/null 2>&1 || { echo "$1 is missing. $2" >&2; return 1; }
}
