#!/usr/bin/env bash
# Trains with two versions of the program and compares what comes out, byte for byte: see --help.
set -euo pipefail
here=$PWD
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(dirname "$scripts")

usage() {
  cat <<'END_OF_USAGE'
usage: Scripts/compare-bytes.sh [--filter TEXT] BASE [HEAD]
       Scripts/compare-bytes.sh [--filter TEXT] --base-binary FILE [--head-binary FILE | HEAD]

Builds the commits BASE and HEAD (default: HEAD), trains with both by the same command lines on MNIST, and compares
the tensors of model.safetensors, and of best.safetensors where there is one, by their bytes, and metrics.jsonl but
for the times. For changes that must not change a bit. Prints a line a command line, and exits with 1 where any
differs.

  BASE, HEAD          commits; "." is the working tree as it is, built where it stands
  --base-binary FILE  a vae-train that is built already, in place of BASE
  --head-binary FILE  the same in place of HEAD
  --filter TEXT       only the command lines with this text in them
  --list              print the command lines and end

Environment, which both sides are given, such as VAE_INSTRUCTION_SET and OPENBLAS_CORETYPE, and:
  VAE_MNIST           the folder with MNIST's four files
END_OF_USAGE
}

fail() {
  printf 'compare-bytes: %s\n' "$@" >&2
  exit 2
}

# A line is one command line, or with ";" between two of which the second starts from what the first left. Each is
# given --data, --seed 3, --no-images and where it does not say otherwise --epochs 1 --output run. Variables of the
# environment may stand before. Layers are small where their size does not matter, and of odd widths here and there:
# full blocks of the products and the rest of a row go different ways.
lines() {
  cat <<'END_OF_LINES'

--threads 1
VAE_PRODUCTS=openblas
--hidden 200,200 --latent 50 --batch-size 20 --activation tanh --objective iwae --importance-samples 5
--hidden 200,200 --latent 50 --batch-size 20 --activation tanh --objective iwae --importance-samples 5 --gradient-estimator sticking-the-landing
--hidden 200,200 --latent 50 --batch-size 20 --activation tanh --objective iwae --importance-samples 5 --gradient-estimator doubly-reparameterized
--objective vae --importance-samples 3 --hidden 48
--kl-estimate monte-carlo --hidden 64 --latent 5
--kl-estimate monte-carlo --hidden 64 --latent 5 --gradient-estimator sticking-the-landing
--kl-estimate monte-carlo --hidden 48 --latent 5 --importance-samples 3
--kl-estimate monte-carlo --hidden 48 --latent 5 --importance-samples 3 --gradient-estimator sticking-the-landing
--likelihood gaussian --hidden 64
--likelihood gaussian --hidden 64 --variance 0.1
--likelihood gaussian-learned --hidden 64
--likelihood gaussian-per-pixel --hidden 64
--likelihood gaussian-per-pixel --hidden 32 --objective iwae --importance-samples 2
--likelihood categorical --levels 16 --hidden 24
--conditional --hidden 100 --latent 8
--conditional --hidden 51 --latent 8 --objective iwae --importance-samples 2
--model autoencoder --hidden 64 --latent 16
--model autoencoder --hidden 64 --latent 16 --code-activation relu
--model autoencoder --hidden 64 --latent 16 --code-activation sigmoid
--model autoencoder --hidden 64 --latent 16 --corruption gaussian
--model autoencoder --hidden 64 --latent 16 --corruption masking
--model autoencoder --hidden 64 --latent 16 --sparsity l1
--model autoencoder --hidden 64 --latent 16 --sparsity kl --code-activation sigmoid
--corruption gaussian --hidden 64 --latent 4
--free-bits 0.5 --hidden 64 --latent 10
--capacity 5 --capacity-epochs 1 --hidden 64 --latent 10
--kl-weight 4 --hidden 64 --latent 10
--clip-norm 1 --hidden 64
--clip-norm 1 --hidden 64 --optimizer adamw
--optimizer adamw --hidden 64
--optimizer sgd --learning-rate 1e-4 --hidden 64
--epochs 2 --kl-warm-up-epochs 1 --kl-cycles 2 --hidden 64
--kl-warm-up-steps 100 --hidden 64
--binarize dynamic --hidden 64
--binarize static --hidden 64
--binarize threshold --hidden 64
--activation tanh --hidden 77,33 --latent 7
--activation sigmoid --hidden 65,31 --latent 3
--activation softplus --hidden 64,32 --latent 3
--activation identity --hidden 63 --latent 3
--hidden none --latent 3
--hidden 64 --decoder-hidden 40,80 --latent 3
--hidden 64 --decoder-hidden none --latent 11
--latent 1 --hidden 17 --batch-size 100
--initialization he-normal --hidden 64
--no-output-bias-from-mean --hidden 64
--schedule cosine --hidden 64 --epochs 2
--schedule steps --learning-rate-steps 1:0.1 --hidden 64 --epochs 2
--warm-up-epochs 0.5 --hidden 64
--validation 5000 --hidden 64 --epochs 2
--hidden 64 --latent 4 --output first ; --hidden 64 --latent 4 --initialize-from first --freeze encoder
--hidden 64 --latent 4 --model autoencoder --output first ; --hidden 64 --latent 4 --model autoencoder --initialize-from first --parts decoder --freeze decoder
--hidden 64 --latent 4 --epochs 1 ; --resume run --epochs 2
--hidden 64 --latent 4 --epochs 1 --optimizer adamw --clip-norm 30 --binarize dynamic ; --resume run --epochs 2
END_OF_LINES
}

filter='' commits=() base_binary='' head_binary=''
while (($#)); do
  case $1 in
    --help | -h) usage && exit ;;
    --list) lines | sed 's/^$/(the defaults)/' && exit ;;
    --filter | --base-binary | --head-binary)
      (($# >= 2)) || fail "$1: expected a value" "$(usage)"
      case $1 in
        --filter) filter=$2 ;;
        --base-binary) base_binary=$2 ;;
        --head-binary) head_binary=$2 ;;
      esac
      shift 2
      ;;
    -*) fail "unknown option $1" "$(usage)" ;;
    *) commits+=("$1") && shift ;;
  esac
done
wanted=()
if [[ -z $base_binary ]]; then wanted+=(BASE); fi
if [[ -z $head_binary ]]; then wanted+=(HEAD); fi
((${#commits[@]} <= ${#wanted[@]})) || fail "expected at most ${#wanted[@]} commits, found ${commits[*]}" "$(usage)"
if [[ -z $base_binary ]]; then
  ((${#commits[@]})) || fail "expected the commit BASE or --base-binary, found neither" "$(usage)"
  base_commit=${commits[0]}
  commits=("${commits[@]:1}")
fi
head_commit=${commits[0]-HEAD}
[[ -n ${VAE_MNIST-} ]] || fail "VAE_MNIST is not set: expected the folder with MNIST (Scripts/fetch-mnist.sh gets it)"
data=$(cd "$VAE_MNIST" 2>/dev/null && pwd) || fail "VAE_MNIST: expected a folder, found $VAE_MNIST"

scratch=$(mktemp -d)
clean_up() {
  # git keeps a list of its worktrees.
  for side in base head; do
    if [[ -d $scratch/$side-source ]]; then
      git -C "$repository" worktree remove --force "$scratch/$side-source" || true
    fi
  done
  rm -rf "$scratch"
}
trap clean_up EXIT

# Builds the commit $2 for the side $1, and prints where the executable is.
build() {
  local source=$repository
  if [[ $2 != . ]]; then
    source=$scratch/$1-source
    git -C "$repository" worktree add --quiet --detach "$source" "$2" >&2 || fail "$2: expected a commit"
  fi
  printf 'compare-bytes: building %s\n' "$2" >&2
  (
    cd "$source"
    swift build -c release --product vae-train >&2 && swift build -c release --show-bin-path
  ) || fail "$2: does not build"
}

# The path from the root of the executable $2, which $1 named.
executable() {
  local path
  path=$(cd "$here" && cd "$(dirname "$2")" 2>/dev/null && pwd)/$(basename "$2")
  [[ -f $path && -x $path ]] || fail "$1: expected an executable, found $2"
  printf '%s\n' "$path"
}

# A copy, so that a build in the meantime changes nothing.
prepare() {
  local side=$1 binary=$2 commit=$3
  if [[ -z $binary ]]; then
    binary=$(build "$side" "$commit")/vae-train
  else
    binary=$(executable "--$side-binary" "$binary")
  fi
  mkdir "$scratch/bin-$side"
  cp "$binary" "$scratch/bin-$side/vae-train"
}
prepare base "$base_binary" "${base_commit-}"
prepare head "$head_binary" "$head_commit"
printf 'compare-bytes: the base runs with\n' && "$scratch/bin-base/vae-train" info

# Runs the line $2 with the executable of the side $1, in the folder that it is called in.
train() {
  local side=$1 rest="$2 ;" command words environment word
  while [[ -n ${rest// /} ]]; do
    command=${rest%%;*} rest=${rest#*;}
    words=(--no-images --quiet) environment=()
    case " $command " in
      *" --resume "*) ;;
      *" --output "*) words+=(--data "$data" --seed 3) ;;
      *) words+=(--data "$data" --seed 3 --output run) ;;
    esac
    case " $command " in *" --epochs "*) ;; *) words+=(--epochs 1) ;; esac
    for word in $command; do
      if [[ $word == VAE_*=* ]]; then environment+=("$word"); else words+=("$word"); fi
    done
    env ${environment[@]+"${environment[@]}"} "$scratch/bin-$side/vae-train" "${words[@]}" || return
  done
}

# Prints what differs between the runs of the line $1, or what went wrong; nothing where they are equal.
differences() {
  local side file
  for side in base head; do
    rm -rf "${scratch:?}/$side"
    mkdir "$scratch/$side"
    if ! (cd "$scratch/$side" && train "$side" "$1" >"$scratch/$side.log" 2>&1); then
      printf 'the %s did not train: %s\n' "$side" "$(tail -n 1 "$scratch/$side.log")"
      return
    fi
  done
  for file in model best; do
    if [[ -e $scratch/base/run/$file.safetensors || -e $scratch/head/run/$file.safetensors ]]; then
      compare tensors "$file.safetensors"
    fi
  done
  compare metrics metrics.jsonl
}

compare() {
  local found
  if ! found=$("$scripts/compare-$1.py" "$scratch/base/run/$2" "$scratch/head/run/$2" 2>&1); then
    printf '%s: %s\n' "$2" "$found"
  fi
}

compared=0 differing=0 SECONDS=0
while IFS= read -r line; do
  name=${line:-"(the defaults)"}
  if [[ $name != *"$filter"* ]]; then continue; fi
  found=$(differences "$line")
  compared=$((compared + 1))
  if [[ -z $found ]]; then
    printf 'equal    %s\n' "$name"
  else
    differing=$((differing + 1))
    printf 'differs  %s\n' "$name"
    while IFS= read -r sentence; do printf '         %s\n' "$sentence"; done <<<"$found"
  fi
done < <(lines)
((compared)) || fail "--filter: no command line has '$filter' in it"
printf '%d command lines, %d differ, %d s\n' "$compared" "$differing" "$SECONDS"
((differing == 0))
