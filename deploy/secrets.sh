#!/usr/bin/env bash
# Writes the passwords of docker-compose.yml, each once: what is there already stays.
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/secrets
mkdir -p "$folder"
chmod 711 "$folder"
for name in owner_password app_password grafana_password metrics_token; do
  [ -s "$folder/$name" ] || head -c 24 /dev/urandom | base64 | tr '+/' '-_' > "$folder/$name"
done
# The services read them as users of their own.
chmod 444 "$folder"/*
echo "The secrets are in $folder."
