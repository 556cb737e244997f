#!/usr/bin/env bash
# Writes NOTICE: the licences of the Go modules that are compiled into the artefact. Needs Go.
set -euo pipefail
cd "$(dirname "$0")"
{
  echo "compiler.wasm.br contains the following software, each under the licence printed with it."
  GOOS=wasip1 GOARCH=wasm go list -deps -f '{{with .Module}}{{if .Version}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' . |
    sort -u | while read -r path version dir; do
      echo; echo "==== $path $version"; echo
      cat "$dir"/LICENSE* "$dir"/NOTICE* "$dir"/COPYING* 2>/dev/null || true
    done
  echo; echo "==== The Go standard library, $(go env GOVERSION)"; echo
  cat "$(go env GOROOT)/LICENSE"
} >NOTICE
