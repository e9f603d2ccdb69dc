#!/usr/bin/env bash
# Installs what the tests need, builds, runs every test, and ends with one line: N passed, N failed, N skipped.
# Fails when a test failed, when none ran, or when one was skipped although the market material is there.
set -uo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
cd "$root" || exit 1
# shellcheck source=.ci/packages.sh
. "$root/.ci/packages.sh"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 NO_COLOR=1
results="$root/.build/test-results"

install_packages test || exit 1
need dotnet "Install the .NET 10 SDK: https://dot.net/download" || exit 1
need npm "Install Node 20 or newer: https://nodejs.org" || exit 1

mkdir -p "$root/.build" && rm -rf "$results" && mkdir -p "$results"
dotnet build Sigmatiq.sln -c Release -v q -nodeReuse:false || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }

broken=0
echo "== studio"
npm run check --silent --prefix src/studio || broken=1
for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  grep -q xunit "$project" || continue
  echo "== $name"
  # The test program itself: it starts faster than the test host and writes the same .trx.
  # A test that runs long is named while it runs, so that one that never ends can be told.
  dotnet "tests/$name/bin/Release/net10.0/$name.dll" -trx "$results/$name.trx" -noColor -longRunning 60 -diagnostics || broken=1
  [ -s "$results/$name.trx" ] || { echo "$name wrote no results"; broken=1; }
done

# Small, and for its figures to be seen: it fails where the main bundle of the studio is too large, and for nothing else.
echo "== studio benchmark"
dotnet tests/Sigmatiq.Benchmarks/bin/Release/net10.0/Sigmatiq.Benchmarks.dll studio --combos 2000 --reps 1 || broken=1

exec .ci/count-tests "$results" "${SIGMATIQ_SHARED:-$root/../shared}" "$broken"
