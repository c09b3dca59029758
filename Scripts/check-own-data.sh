#!/usr/bin/env bash
# Runs the commands of README's "Your own data" on real files, and checks what they write: see --help.
set -euo pipefail

usage() {
  cat <<'END_OF_USAGE'
usage: Scripts/check-own-data.sh VAE_TRAIN DATA FOLDER

Makes of the files in DATA (fields/adult, fields/frey-faces, fields/sc-mouse-bladder, tabular/magic.gamma.npz) those that
README's section "Your own data" names, in the empty folder FOLDER, runs every command of the section there with the
executable VAE_TRAIN, and looks at what came out. Needs Python 3 alone.
END_OF_USAGE
}

fail() {
  printf 'check-own-data: %s\n' "$*" >&2
  exit 1
}

if [[ ${1-} == --help || ${1-} == -h ]]; then usage && exit; fi
[[ $# -eq 3 ]] || { usage >&2 && exit 2; }
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[[ -f $1 && -x $1 ]] || fail "expected an executable, found $1"
executable=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
data=$(cd "$2" && pwd)
mkdir -p "$3"
[[ -z $(ls -A "$3") ]] || fail "expected an empty folder, found $3 with something in it"
cd "$3"

# The files that README speaks of.
cp "$data/fields/adult/adult.csv.gz" people.csv.gz
cp "$data/tabular/magic.gamma.npz" readings.npz
cp "$data/fields/sc-mouse-bladder/counts.mtx.gz" counts.mtx.gz
cp "$data/singlecell/smfish.h5ad" cells.h5ad
python3 - "$data/fields/frey-faces/freyfaces-idx3-ubyte.gz" <<'END_OF_PYTHON'
import csv, gzip, pathlib, random, struct, sys, zlib

# Rows without a class, as those that are new; and rows with a twentieth of their cells gone.
with gzip.open("people.csv.gz", "rt", newline="") as file:
    table = list(csv.reader(file))


def write(path, rows):
    with open(path, "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


draws = random.Random(1)
write("new.csv", [row[:-1] for row in table[:1] + table[20001:22001]])
write("holes.csv", table[:1] + [["" if draws.random() < 0.05 else cell for cell in row] for row in table[1:1001]])
for part in range(2):
    rows = [[f"p{row:04}"] + table[row] for row in range(1 + part * 500, 501 + part * 500)]
    write(f"part-{part}.csv", [["id"] + table[0]] + rows)

# Grey faces as PNG, in two folders.
pixels = gzip.open(sys.argv[1]).read()
count, height, width = struct.unpack(">3I", pixels[4:16])


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


for face in range(300):
    folder = pathlib.Path("photos") / ("early" if face < 150 else "late")
    folder.mkdir(parents=True, exist_ok=True)
    start = 16 + face * height * width
    rows = b"".join(b"\0" + pixels[start + y * width : start + (y + 1) * width] for y in range(height))
    header = struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0)
    png = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    (folder / f"{face:04}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + png)
END_OF_PYTHON

# The fenced lines between this heading and the next, in a shell that ends at the first that fails.
awk '/^## / { inside = $0 == "## Your own data" } inside && /^```/ { fenced = !fenced; next } inside && fenced' \
  "$repository/README.md" >commands.sh
[[ $(grep -c '^\(zcat.*\)\?vae-train' commands.sh || true) -ge 10 ]] || fail "README.md has no commands for data of one's own"
mkdir program
ln -s "$executable" program/vae-train
PATH=$PWD/program:$PATH bash -euo pipefail -x commands.sh >output.txt 2>errors.txt </dev/null || {
  tail -n 5 errors.txt >&2
  fail "a command of README.md failed: $(grep '^+' errors.txt | tail -n 1)"
}
sed -n 's/^+ //p' errors.txt
if grep -v '^+' errors.txt >&2; then printf 'check-own-data: the commands had that to say\n'; fi

expect_lines() {
  local count
  count=$(wc -l <"$1")
  [[ $count -eq $2 ]] || fail "$1: expected $2 lines, found $count"
}

[[ $("$executable" inspect people.csv.gz --json | python3 -c '
import json, sys
summary = json.load(sys.stdin)
print(summary["kind"], summary["rows"], summary["columns"])') == "table 32561 15" ]] || fail "inspect --json: other data"
[[ $(head -n 1 scores.csv) == id,score,strange ]] || fail "scores.csv: expected id,score,strange in line 1"
status=0
"$executable" score people new.csv --threshold 0 --output strange.csv >/dev/null || status=$?
[[ $status -eq 3 ]] || fail "score --threshold 0: expected exit status 3, found $status"
"$executable" score people new.csv --threshold 1e9 --output usual.csv >/dev/null || fail "score --threshold 1e9: failed"
expect_lines scores.csv 2001
expect_lines filled.csv 1001
expect_lines more.csv 1001
expect_lines codes.csv 2001
expect_lines rows.csv 2001
expect_lines likely.csv 2001
[[ $(head -n 1 codes.csv) == id,mean_0,mean_1,* ]] || fail "codes.csv: expected id,mean_0,… in line 1"
python3 - <<'END_OF_PYTHON'
import csv, gzip, sys


def read(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", newline="") as file:
        return [[cell.strip() for cell in row] for row in csv.reader(file)]


holes, filled, more, people = (read(path) for path in ["holes.csv", "filled.csv", "more.csv", "people.csv.gz"])
if filled[0] != holes[0]:
    sys.exit(f"filled.csv: line 1: expected {holes[0]}, found {filled[0]}")
for line, (before, after) in enumerate(zip(holes, filled), start=1):
    for column, (old, new) in enumerate(zip(before, after)):
        # The class is not modelled: it stays missing.
        if old != new if old not in ("", "?") or column == 14 else not new or new == "?":
            sys.exit(f"filled.csv: line {line}, column {column + 1}: expected {old or 'something'}, found {new!r}")
if more[0] != people[0][:-1]:
    sys.exit(f"more.csv: line 1: expected {people[0][:-1]}, found {more[0]}")
for column in range(len(more[0])):
    known = {row[column] for row in people[1:]}
    for line, row in enumerate(more[1:], start=2):
        if row[column] not in known and not row[column].isdigit():
            sys.exit(f"more.csv: line {line}, column {column + 1}: expected what the data have, found {row[column]!r}")
END_OF_PYTHON

# The rows of an array that stays in its file give the model that they give from memory.
for storage in file memory; do
  "$executable" --data people.npy --storage "$storage" --epochs 1 --no-images --output "by-$storage" >/dev/null
done
for run in by-file by-memory; do
  python3 - "$run/model.safetensors" >"$run.weights" <<'END_OF_PYTHON'
import hashlib, struct, sys

content = open(sys.argv[1], "rb").read()
print(hashlib.sha256(content[8 + struct.unpack("<Q", content[:8])[0] :]).hexdigest())
END_OF_PYTHON
done
cmp by-file.weights by-memory.weights || fail "training from a file: expected the weights that training from memory has"
echo "README's commands for data of one's own do what they say"
