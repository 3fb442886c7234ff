#!/bin/sh
# /usr/local/bin/assay: the command line of the Assay in /opt/assay, by the Node that came with it
exec /opt/assay/node_modules/.bin/node /opt/assay/src/cli/main.ts "$@"
