#!/usr/bin/env bash
# Shows that a seed decides everything: the same digests in another process, with another number of jobs, in
# shards, and on every supported release of Node (fetched with npx). Exits with 1 at the first difference.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${RUNS:-200}
seed=${SEED:-7}

# One line a run: number, digest and steps. $1 is the Node to use, the rest are arguments of "run".
digests() {
  local node=$1
  shift
  $node bin/stemedb-sim run --seed "$seed" --runs "$runs" --reporter json --output /tmp/stemedb-digests "$@" |
    grep '"type":"run"' | sed -E 's/.*"run":([0-9]+),.*"steps":([0-9]+),.*"digest":"([0-9a-f]+)".*/\1 \3 \2/' | sort -n
}

expected=$(digests node)
check() {
  if [ "$2" = "$expected" ]; then
    printf ' ✓ %s\n' "$1"
  else
    printf ' ✗ %s\n' "$1"
    diff <(printf '%s\n' "$expected") <(printf '%s\n' "$2") | head -5
    exit 1
  fi
}

printf ' %s runs from seed %s, digest of the first: %s\n' "$runs" "$seed" "$(printf '%s\n' "$expected" | head -1 | cut -d' ' -f2)"
check "another process" "$(digests node)"
check "2 jobs" "$(digests node --jobs 2)"
check "3 shards" "$( (digests node --shard 1/3; digests node --shard 2/3; digests node --shard 3/3) | sort -n)"
for release in 20.19.0 22 24; do
  check "Node $release ($(npx -y node@$release --version))" "$(digests "npx -y node@$release")"
done
