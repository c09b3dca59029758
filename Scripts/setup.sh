#!/usr/bin/env bash
# Makes sure that what the package needs from outside is there: see --help.
set -euo pipefail

minimum_major=6
minimum_minor=1
apt_packages=(libopenblas-dev liblapacke-dev zlib1g-dev libpng-dev libturbojpeg0-dev libcairo2-dev libhdf5-dev pkg-config)
brew_packages=(openblas libpng jpeg-turbo cairo hdf5 pkg-config) # zlib comes with macOS

usage() {
  cat <<END
usage: Scripts/setup.sh [--help]

Installs the system packages that the build needs, where they are missing, and checks that Swift is
$minimum_major.$minimum_minor or newer. Run it as often as you like: with everything there it changes nothing and needs no network.

  Debian, Ubuntu  apt-get install ${apt_packages[*]}
                  (with sudo where you are not root)
  macOS           brew install ${brew_packages[*]}
  elsewhere       says what is needed
END
}

say() { printf 'setup: %s\n' "$*"; }

fail() {
  printf 'setup: %s\n' "$@" >&2
  exit 1
}

# Runs a command as root, after showing it.
as_root() {
  if [[ $(id -u) -ne 0 ]]; then
    command -v sudo >/dev/null || fail "there is no sudo here; as root, run: $*"
    set -- sudo "$@"
  fi
  say "running: $*"
  "$@" </dev/null
}

missing=()

install_with_apt() {
  local package
  for package in "${apt_packages[@]}"; do
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
      missing+=("$package")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0

  # A fresh container has no package lists; old lists name files that are gone from the mirrors.
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}")
  if ! apt-cache show "${missing[@]}" >/dev/null 2>&1; then
    as_root apt-get update
    as_root "${install[@]}"
  elif ! as_root "${install[@]}"; then
    as_root apt-get update
    as_root "${install[@]}"
  fi
}

install_with_brew() {
  command -v brew >/dev/null || fail "Homebrew is needed to install ${brew_packages[*]}: https://brew.sh"
  local package
  for package in "${brew_packages[@]}"; do
    brew list --versions "$package" >/dev/null 2>&1 || missing+=("$package")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  say "running: brew install ${missing[*]}"
  brew install "${missing[@]}" </dev/null
}

check_elsewhere() {
  if pkg-config --exists openblas zlib libpng libturbojpeg cairo hdf5 2>/dev/null; then return 0; fi
  fail "this system has neither apt-get nor Homebrew. Please install, with their headers, OpenBLAS (cblas.h and" \
    "lapacke.h), zlib, libpng, libjpeg-turbo with its TurboJPEG interface (turbojpeg.h), Cairo, HDF5 and" \
    "pkg-config, so that this succeeds: pkg-config --exists openblas zlib libpng libturbojpeg cairo hdf5"
}

check_swift() {
  local wanted="Swift $minimum_major.$minimum_minor or newer is needed; get it from https://www.swift.org/install"
  command -v swift >/dev/null || fail "there is no swift on the PATH. $wanted"
  local text major minor
  text=$(swift --version 2>/dev/null </dev/null) || fail "swift --version failed. $wanted"
  [[ $text =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]] || fail "swift --version says: ${text%%$'\n'*}. $wanted"
  major=${BASH_REMATCH[1]}
  minor=${BASH_REMATCH[2]}
  if ((major < minimum_major || (major == minimum_major && minor < minimum_minor))); then
    fail "this is Swift $major.$minor ($(command -v swift)). $wanted"
  fi
  swift_version=$major.$minor
}

case ${1-} in
"") ;;
-h | --help)
  usage
  exit 0
  ;;
*)
  usage >&2
  exit 64
  ;;
esac

if [[ $(uname -s) == Darwin ]]; then
  install_with_brew
elif command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
  install_with_apt
else
  check_elsewhere
fi
check_swift
if [[ ${#missing[@]} -gt 0 ]]; then
  say "installed ${missing[*]}; Swift $swift_version is here"
else
  say "nothing to do: the system packages and Swift $swift_version are here"
fi
