#!/usr/bin/env bash
# Measures this library beside PyTorch and JAX on this machine: see --help.
set -euo pipefail
here=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rounds=2
workloads="keras-2d torch-20d iwae-50d wide-64d"
data=${VAE_MNIST-}
environment=.build/peers
output=Benchmarks/results
readme=README.md
pip_options=()

usage() {
  cat <<END
usage: Scripts/compare-peers.sh [--data FOLDER] [--rounds N] [--workloads "NAME …"]
                                [--output FOLDER] [--extra-index-url URL]

Times training epochs of vae-bench, PyTorch (eager, fused and compiled) and JAX (an epoch in one
jitted scan) on MNIST, in turns: in each round every side runs once, as a process of its own, and
its first epoch is not counted. Writes the raw data, a table and a bar chart to $output, and the
table to README.md (not where --output is given).

  --data FOLDER      MNIST's four files (default: \$VAE_MNIST)
  --rounds N         rounds (default: $rounds); about ten minutes each on two cores
  --workloads "…"    which (default: $workloads)
  --extra-index-url  passed to pip, for an index that has the CPU build of PyTorch

The peers' pinned versions are installed to $environment, from $PWD/Benchmarks/peers/requirements.txt.
END
}

fail() {
  printf 'compare-peers: %s\n' "$@" >&2
  exit 1
}

while (($#)); do
  case $1 in
    --help | -h) usage && exit ;;
    --data | --rounds | --workloads | --output | --extra-index-url)
      (($# >= 2)) || fail "$1: expected a value" "$(usage)"
      case $1 in
        --data) data=$(cd "$here" && realpath -m "$2") ;;
        --rounds) rounds=$2 ;;
        --workloads) workloads=$2 ;;
        --output) output=$(cd "$here" && realpath -m "$2") readme='' ;;
        --extra-index-url) pip_options+=(--extra-index-url "$2") ;;
      esac
      shift 2
      ;;
    *) fail "unknown option $1" "$(usage)" ;;
  esac
done
[[ $rounds =~ ^[1-9][0-9]*$ ]] || fail "--rounds: expected a whole number from 1, found $rounds"
[[ -n $data ]] || fail "expected the folder with MNIST in --data or VAE_MNIST (Scripts/fetch-mnist.sh gets it), found none"
[[ -d $data ]] || fail "--data: expected a folder, found $data"

# hidden widths, latent dimensions, activation, batch size, epochs of a round: those of vae-bench.
shape() {
  case $1 in
    keras-2d) echo 512 2 relu 128 3 ;;
    torch-20d) echo 400 20 relu 128 3 ;;
    iwae-50d) echo 200,200 50 tanh 20 3 ;;
    wide-64d) echo 2048,2048 64 relu 512 1 ;;
    *) fail "--workloads: expected keras-2d, torch-20d, iwae-50d, wide-64d, found $1" ;;
  esac
}
for workload in $workloads; do shape "$workload" >/dev/null; done
if [[ -n $readme && $(wc -w <<<"$workloads") -lt 4 ]]; then
  fail "--workloads: expected with --output where some are left out, found without it"
fi

if ! [[ -x $environment/bin/python && $environment/installed -nt Benchmarks/peers/requirements.txt ]]; then
  python3 -m venv "$environment" || fail "python3 -m venv failed; on Debian: apt-get install python3-venv"
  "$environment/bin/pip" install --quiet "${pip_options[@]+"${pip_options[@]}"}" -r Benchmarks/peers/requirements.txt
  touch "$environment/installed"
fi
swift build -c release --product vae-bench

# Every library chooses its own best kernels.
unset OPENBLAS_CORETYPE VAE_INSTRUCTION_SET VAE_PRODUCTS
unset OMP_NUM_THREADS MKL_NUM_THREADS OPENBLAS_NUM_THREADS XLA_FLAGS TORCH_COMPILE_DISABLE
mkdir -p "$output"
raw=$(mktemp -d)
trap 'rm -rf "$raw"' EXIT

run() {
  local side=$1 workload=$2 round=$3
  shift 3
  printf 'compare-peers: %s, round %d of %d: %s\n' "$workload" "$round" "$rounds" "$side" >&2
  "$@" >"$raw/$workload.$round.$side.json" || fail "$side failed on $workload"
}

for workload in $workloads; do
  read -r hidden latent activation batch epochs <<<"$(shape "$workload")"
  peer=(--data "$data" --hidden "$hidden" --latent "$latent" --activation "$activation" --batch-size "$batch"
    --epochs $((epochs + 1)))
  for ((round = 1; round <= rounds; round++)); do
    run vae-bench "$workload" "$round" .build/release/vae-bench "$workload" --data "$data" --epochs "$epochs" --json
    run jax "$workload" "$round" "$environment/bin/python" Benchmarks/peers/jax_scan.py "${peer[@]}"
    for mode in eager fused compile; do
      run "pytorch-$mode" "$workload" "$round" \
        "$environment/bin/python" Benchmarks/peers/pytorch.py "${peer[@]}" --mode "$mode"
    done
  done
done

"$environment/bin/python" Benchmarks/peers/summarize.py "$raw" "$output" ${readme:+--readme "$readme"}
