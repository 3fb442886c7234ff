#!/bin/sh
# /usr/local/bin/assay: the command line of the Assay in /opt/assay, by the Node that came with it, on the data of its configuration
if [ -z "$ASSAY_CONFIG" ] && [ -e /etc/assay/assay.yaml ]; then
  export ASSAY_CONFIG=/etc/assay/assay.yaml
fi
exec /opt/assay/node_modules/.bin/node /opt/assay/src/cli/main.ts "$@"
