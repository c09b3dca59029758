#!/usr/bin/env bash
# Downloads the MNIST database of handwritten digits (LeCun, Cortes and Burges) into a folder. See --help.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: Scripts/fetch-mnist.sh [FOLDER]

Downloads the four files of MNIST, 11 MB, into FOLDER (default: data/mnist) and checks the SHA-256 of what is in them.
Files that are there already are checked and kept; a file has its name only once it is whole.

Environment:
  MNIST_MIRRORS  base URLs to try in this order, with spaces between, instead of the usual ones
USAGE
}

fail() {
  echo "fetch-mnist: $*" >&2
  exit 1
}

# The host where MNIST was first published, yann.lecun.com, answers 403 and so is not among them.
default_mirrors="https://ossci-datasets.s3.amazonaws.com/mnist https://storage.googleapis.com/cvdf-datasets/mnist"

# SHA-256 of the contents. The compressed files differ from mirror to mirror, with the program that compressed them.
checksums="
ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db train-images-idx3-ubyte
65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5 train-labels-idx1-ubyte
0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7 t10k-images-idx3-ubyte
ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2 t10k-labels-idx1-ubyte
"

# The SHA-256 of what is in the gzip file $1, or "no intact gzip file".
contents_sha256() {
  local sum
  # gzip's own word about a broken file would be a second line of error.
  if sum="$(gzip -dc <"$1" 2>/dev/null | sha256)"; then echo "${sum%% *}"; else echo "no intact gzip file"; fi
}

sha256() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi
}

# Writes what is at the URL $1 to the file $2.
download() {
  if command -v curl >/dev/null; then
    curl --fail --silent --show-error --location --retry 2 --connect-timeout 15 --max-time 600 --output "$2" "$1"
  else
    wget --quiet --tries 3 --connect-timeout 15 --read-timeout 60 --output-document "$2" "$1"
  fi
}

# Puts the file named $1, whose contents have the SHA-256 $2, into the folder, from the first mirror that has it.
fetch() {
  local name="$1" expected="$2" mirror url found
  for mirror in $mirrors; do
    url="${mirror%/}/$name.gz"
    echo "fetching $url"
    if ! download "$url" "$partial"; then
      echo "fetch-mnist: $url: not to be had" >&2
      continue
    fi
    found="$(contents_sha256 "$partial")"
    if [ "$found" = "$expected" ]; then
      chmod 644 "$partial"
      mv -f "$partial" "$folder/$name.gz"
      return 0
    fi
    echo "fetch-mnist: $url: expected contents with SHA-256 $expected, found $found" >&2
  done
  return 1
}

case "${1:-}" in
  -h | --help)
    usage
    exit 0
    ;;
  -*) fail "unknown option $1; see --help" ;;
esac
[ $# -le 1 ] || fail "expected one folder, found $# arguments; see --help"

folder="${1:-data/mnist}"
mirrors="${MNIST_MIRRORS:-$default_mirrors}"
command -v curl >/dev/null || command -v wget >/dev/null || fail "needs curl or wget, found neither"
command -v sha256sum >/dev/null || command -v shasum >/dev/null || fail "needs sha256sum or shasum, found neither"
command -v gzip >/dev/null || fail "needs gzip, which is not there"
mkdir -p "$folder" 2>/dev/null || fail "$folder: cannot create the folder"
partial="$(mktemp "$folder/.unfinished.XXXXXX" 2>/dev/null)" || fail "$folder: cannot write to the folder"
trap 'rm -f "$partial"' EXIT
trap 'exit 130' INT TERM

fetched=0
while read -r checksum name; do
  [ -n "$name" ] || continue
  if [ -f "$folder/$name.gz" ] && [ "$(contents_sha256 "$folder/$name.gz")" = "$checksum" ]; then continue; fi
  fetch "$name" "$checksum" || fail "$name.gz: no mirror had it intact; MNIST_MIRRORS names others to try"
  fetched=$((fetched + 1))
done <<<"$checksums"

if [ "$fetched" -eq 0 ]; then
  echo "MNIST is all there, in $folder"
else
  echo "MNIST is in $folder"
fi
