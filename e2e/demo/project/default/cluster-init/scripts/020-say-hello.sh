#!/bin/bash
# Messages go to the server; files of the spec are beside the scripts.
"$JETPACK_HOME/bin/jetpack" log "$(cat ../files/greeting.txt)" --priority high
