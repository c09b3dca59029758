#!/usr/bin/env bash
# Compiles and runs the library example of README.md the way a reader would: in a package of its own that depends on
# a version of this one. Only what is committed is seen, as by anyone else.
#
# The example is the ```swift block after the line <!-- example: library -->.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
version=0.0.1

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

mkdir -p "$scratch/example/Sources/example"
awk '
  /^<!-- example: library -->$/ { marked = 1 }
  marked && /^```$/ { exit }
  inside { print }
  marked && /^```swift$/ { inside = 1 }
' "$repository/README.md" >"$scratch/example/Sources/example/main.swift"
if [[ ! -s $scratch/example/Sources/example/main.swift ]]; then
  echo "README.md has no \`\`\`swift block after <!-- example: library -->" >&2
  exit 1
fi

# A clone named like the package, with a tag of its own: the repository itself is not touched.
git clone --quiet "$repository" "$scratch/swift-vae"
git -C "$scratch/swift-vae" tag --force "$version" >/dev/null

cat >"$scratch/example/Package.swift" <<END
// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "example",
  platforms: [.macOS(.v15)],
  dependencies: [.package(url: "file://$scratch/swift-vae", exact: "$version")],
  targets: [
    .executableTarget(
      name: "example",
      dependencies: [
        .product(name: "VAEKernels", package: "swift-vae"),
        .product(name: "VAEData", package: "swift-vae"),
        .product(name: "VAETrainer", package: "swift-vae"),
      ])
  ])
END
cd "$scratch/example"
# Without the shared cache, which would keep this clone after it is gone.
swift run --cache-path "$scratch/cache" -c release example
