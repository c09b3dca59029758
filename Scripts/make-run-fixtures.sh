#!/usr/bin/env bash
# Writes small runs of every kind, for the tests that later versions still read what earlier ones wrote: see --help.
set -euo pipefail

usage() {
  cat <<'END_OF_USAGE'
usage: Scripts/make-run-fixtures.sh [VAE_TRAIN]

Trains runs of a few kilobytes on images of 5 × 4 pixels with the executable VAE_TRAIN (default:
.build/release/vae-train), and writes them to Tests/TestSupport/Fixtures/Runs-VERSION, with the images, and beside
each RUN a RUN.json with what the same executable says of it. A folder that is there is left alone: what a version
wrote is what the tests are about.
END_OF_USAGE
}

fail() {
  printf 'make-run-fixtures: %s\n' "$@" >&2
  exit 1
}

if [[ ${1-} == --help || ${1-} == -h ]]; then usage && exit; fi
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
executable=${1-$repository/.build/release/vae-train}
[[ -f $executable && -x $executable ]] || fail "expected an executable, found $executable"
executable=$(cd "$(dirname "$executable")" && pwd)/$(basename "$executable")
version=$("$executable" --version)
destination=$repository/Tests/TestSupport/Fixtures/Runs-${version##* }
[[ ! -e $destination ]] || fail "$destination is there already"

# The path without links in it, as config.json has it.
scratch=$(cd "$(mktemp -d)" && pwd -P)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/training" "$scratch/fixtures"
cd "$scratch/training"

# Four classes, a bright row each, whose left end varies, on a dim ground.
mkdir data
python3 - <<'END_OF_PYTHON'
import struct

LABELS = 4


def images(count, first):
    for image in range(first, first + count):
        edge = image * 7 % 5
        for row in range(4):
            for column in range(5):
                noise = (image * 37 + row * 11 + column * 23) * 29 % 24
                bright = row == image % LABELS and column >= edge - 2
                yield 255 - noise if bright else noise


for part, count, first in [("train", 600, 0), ("t10k", 12, 600)]:
    with open(f"data/{part}-images-idx3-ubyte", "wb") as file:
        file.write(struct.pack(">4I", 0x803, count, 4, 5) + bytes(images(count, first)))
    with open(f"data/{part}-labels-idx1-ubyte", "wb") as file:
        file.write(struct.pack(">2I", 0x801, count) + bytes(image % LABELS for image in range(first, first + count)))
END_OF_PYTHON
cp -R data ../fixtures/

# What the executable says of the run $1, in $1.json.
describe() {
  local run=$1 likelihood=() resumed=$scratch/resumed
  # An autoencoder is no model of p(x).
  if ! grep -q '"model" : "autoencoder"' "$run/config.json"; then likelihood=(--importance-samples 20); fi
  "$executable" evaluate "$run" --data data --json ${likelihood[@]+"${likelihood[@]}"} >"$scratch/evaluate.json"
  "$executable" encode "$run" --data data --output "$scratch/encode.csv" >/dev/null
  rm -rf "$scratch/best.json" "$scratch/resumed.json" "$resumed"
  if [[ -e $run/best.safetensors ]]; then
    "$executable" evaluate "$run" --best --data data --json >"$scratch/best.json"
  fi
  if [[ -e $run/checkpoint.safetensors ]]; then
    cp -R "$run" "$resumed"
    "$executable" --resume "$resumed" --epochs 3 --data data --no-images --quiet
    "$executable" evaluate "$resumed" --data data --json >"$scratch/resumed.json"
  fi
  python3 - "$scratch" "$run.json" <<'END_OF_PYTHON'
import csv
import json
import pathlib
import sys

scratch, output = pathlib.Path(sys.argv[1]), sys.argv[2]
# Numbers stay as they were printed, to the last digit.
parts = []
for name in ["evaluate", "best", "resumed"]:
    path = scratch / f"{name}.json"
    if path.exists():
        parts.append(f'  "{name}": {path.read_text().strip()}')
header, *rows = csv.reader((scratch / "encode.csv").read_text().splitlines())
lines = ",\n".join("      [" + ", ".join(row) + "]" for row in rows)
parts.append(f'  "encode": {{\n    "header": {json.dumps(header)},\n    "rows": [\n{lines}\n    ]\n  }}')
text = "{\n" + ",\n".join(parts) + "\n}\n"
json.loads(text)
pathlib.Path(output).write_text(text)
END_OF_PYTHON
}

# Puts the run $1 among the fixtures, with its checkpoint where $2 is "checkpoint".
keep() {
  local run=$1 name
  mkdir "$scratch/fixtures/$run"
  for name in metrics.jsonl model.safetensors best.safetensors; do
    if [[ -e $run/$name ]]; then cp "$run/$name" "$scratch/fixtures/$run/"; fi
  done
  if [[ $2 == checkpoint ]]; then cp "$run/checkpoint.safetensors" "$scratch/fixtures/$run/"; fi
  # Paths as they are seen from the folder with the fixtures, wherever it was.
  sed "s|$scratch/training/||g" "$run/config.json" >"$scratch/fixtures/$run/config.json"
  if grep -rqF "$scratch" "$scratch/fixtures"; then fail "$run: has a path of this machine in it"; fi
  (cd "$scratch/fixtures" && describe "$run")
}

common=(--data data --no-images --quiet --seed 3)

# train NAME checkpoint|model OPTION…
train() {
  local run=$1 kept=$2
  shift 2
  local words=("${common[@]}" --output "$run") default
  for default in "--epochs 2" "--hidden 6" "--latent 2" "--batch-size 4" "--learning-rate 0.01"; do
    # Two words each.
    # shellcheck disable=SC2206
    case " $* " in *" ${default% *} "*) ;; *) words+=($default) ;; esac
  done
  "$executable" "${words[@]}" "$@" || fail "$run: $executable failed"
  keep "$run" "$kept"
}

train vae checkpoint
train iwae checkpoint --objective iwae --importance-samples 3
train iwae-doubly-reparameterized model --objective iwae --importance-samples 3 \
  --gradient-estimator doubly-reparameterized --hidden 6,5 --activation tanh
train monte-carlo model --importance-samples 2 --kl-estimate monte-carlo --gradient-estimator sticking-the-landing
train gaussian model --likelihood gaussian --variance 0.1
train gaussian-learned checkpoint --likelihood gaussian-learned
train gaussian-per-pixel model --likelihood gaussian-per-pixel
train categorical model --likelihood categorical --levels 4
train conditional checkpoint --conditional --kl-weight 0.2
train autoencoder model --model autoencoder
train autoencoder-denoising model --model autoencoder --corruption masking --sparsity l1 --code-activation relu
train autoencoder-sparse checkpoint --model autoencoder --corruption gaussian --sparsity kl --code-activation sigmoid
train adamw-clipped checkpoint --optimizer adamw --clip-norm 1 --schedule cosine --warm-up-epochs 0.5
train sgd checkpoint --optimizer sgd --learning-rate 0.003 --schedule steps --learning-rate-steps 1:0.5 \
  --kl-warm-up-steps 4
train kl-cycles model --kl-weight 2 --kl-warm-up-epochs 1 --kl-cycles 2
train free-bits model --free-bits 0.5
train capacity checkpoint --capacity 2 --capacity-epochs 1
train validation checkpoint --validation 40 --patience 5
train binarized checkpoint --binarize dynamic
train linear model --hidden none --activation identity --initialization he-normal --no-output-bias-from-mean
train uneven model --hidden 7,5 --decoder-hidden 4 --latent 3 --activation softplus
train frozen checkpoint --initialize-from vae --parts encoder --freeze encoder

# Stopped by Ctrl-C inside its second epoch. With so many samples a step takes a while.
"$executable" "${common[@]}" --output interrupted --epochs 3 --hidden 6 --batch-size 20 --learning-rate 0.01 \
  --importance-samples 2000 2>/dev/null &
process=$!
until [[ -s interrupted/metrics.jsonl ]]; do
  kill -0 "$process" 2>/dev/null || fail "interrupted: $executable ended too soon"
  sleep 0.02
done
kill -INT "$process"
status=0
wait "$process" || status=$?
((status == 130)) || fail "interrupted: expected to end with 130, found $status"
keep interrupted checkpoint
grep -aqE '\\"step_in_epoch\\":[1-9]' interrupted/checkpoint.safetensors || fail "interrupted: not inside an epoch"

mv "$scratch/fixtures" "$destination"
printf '%s: %d runs, %d bytes\n' "$destination" "$(find "$destination" -name config.json | wc -l)" \
  "$(find "$destination" -type f -exec cat {} + | wc -c)"
