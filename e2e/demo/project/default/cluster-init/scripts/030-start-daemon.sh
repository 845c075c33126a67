#!/bin/bash
# A daemon that a script starts outlives the converge.
sleep 300 &
echo $! > "$JETPACK_HOME/run/demo-daemon.pid"
echo "started a daemon, pid $!"
