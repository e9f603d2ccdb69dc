#!/usr/bin/env bash
# Takes the pictures of docs/pictures/studio anew: every page in both themes, wide and on a phone, from the real program on synthetic bars.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
dotnet build tests/Sigmatiq.Tests.Studio -c Release -v q -nodeReuse:false
SIGMATIQ_PICTURES="$root/docs/pictures/studio" dotnet tests/Sigmatiq.Tests.Studio/bin/Release/net10.0/Sigmatiq.Tests.Studio.dll -noColor "$@"
