#!/usr/bin/env bash
# Measures vae-train on tables beside PyOD, scikit-learn and TVAE on this machine: see --help.
set -euo pipefail
here=$PWD
data=${VAE_DATA:+$(realpath -m "$VAE_DATA")}
cd "$(dirname "${BASH_SOURCE[0]}")/.."

environment=.build/peers-tables
requirements=Benchmarks/peers/requirements-tables.txt
output=Benchmarks/results
document=Docs/YourData.md
comparisons="anomalies imputation synthesis"
threads=2
epochs=300
pip_options=()

usage() {
  cat <<END
usage: Scripts/compare-tables.sh [--data FOLDER] [--comparisons "NAME …"] [--output FOLDER]
                                 [--threads N] [--epochs N] [--extra-index-url URL]

Runs compare-anomalies.py, compare-imputation.py and compare-synthesis.py, one after the other; nothing else should run
beside them. Writes the figures to $output, and the tables to $document (not where --output is
given).

  --data FOLDER        with tabular/*.npz and fields/adult/adult.csv.gz (default: \$VAE_DATA)
  --comparisons "…"    which (default: $comparisons)
  --threads N          of every side (default: $threads)
  --epochs N           of TVAE, to try it out (default: $epochs, as published); with --output alone
  --extra-index-url    passed to pip, for an index that has the CPU build of PyTorch

The peers' pinned versions are installed to $environment, from $PWD/$requirements.
END
}

fail() {
  printf 'compare-tables: %s\n' "$@" >&2
  exit 1
}

while (($#)); do
  case $1 in
    --help | -h) usage && exit ;;
    --data | --comparisons | --output | --threads | --epochs | --extra-index-url)
      (($# >= 2)) || fail "$1: expected a value" "$(usage)"
      case $1 in
        --data) data=$(cd "$here" && realpath -m "$2") ;;
        --comparisons) comparisons=$2 ;;
        --output) output=$(cd "$here" && realpath -m "$2") document='' ;;
        --threads) threads=$2 ;;
        --epochs) epochs=$2 ;;
        --extra-index-url) pip_options+=(--extra-index-url "$2") ;;
      esac
      shift 2
      ;;
    *) fail "unknown option $1" "$(usage)" ;;
  esac
done
for option in threads epochs; do
  [[ ${!option} =~ ^[1-9][0-9]*$ ]] || fail "--$option: expected a whole number from 1, found ${!option}"
done
[[ -n $data ]] || fail "expected the folder with the tables in --data or VAE_DATA, found none"
[[ -d $data ]] || fail "--data: expected a folder, found $data"
if [[ -n $document && $epochs != 300 ]]; then
  fail "--epochs: expected with --output where it is not 300, found without it"
fi

# What a comparison reads.
source_of() {
  case $1 in
    anomalies | imputation) echo "$data/tabular" ;;
    synthesis) echo "$data/fields/adult/adult.csv.gz" ;;
    *) fail "--comparisons: expected anomalies, imputation, synthesis, found $1" ;;
  esac
}
[[ -n ${comparisons// /} ]] || fail "--comparisons: expected at least one name, found none"
for comparison in $comparisons; do
  path=$(source_of "$comparison")
  [[ -e $path ]] || fail "--data: expected $path, found nothing"
done

if ! [[ -x $environment/bin/python && $environment/installed -nt $requirements ]]; then
  python3 -m venv "$environment" || fail "python3 -m venv failed; on Debian: apt-get install python3-venv"
  "$environment/bin/pip" install --quiet "${pip_options[@]+"${pip_options[@]}"}" -r "$requirements"
  touch "$environment/installed"
fi
swift build -c release --product vae-train

# Every library chooses its own best kernels; the scripts unset these too.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE VAE_INSTRUCTION_SET VAE_PRODUCTS
unset OMP_NUM_THREADS MKL_NUM_THREADS OPENBLAS_NUM_THREADS TORCH_COMPILE_DISABLE

for comparison in $comparisons; do
  options=(--data "$(source_of "$comparison")" --output "$output/$comparison.json" --threads "$threads")
  if [[ -n $document ]]; then options+=(--document "$document"); fi
  if [[ $comparison == synthesis ]]; then options+=(--epochs "$epochs"); fi
  "$environment/bin/python" "Scripts/compare-$comparison.py" .build/release/vae-train "${options[@]}"
done
