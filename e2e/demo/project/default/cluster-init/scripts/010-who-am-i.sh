#!/bin/bash
# A cluster project's script asks what it needs to know about its node.
jetpack=$JETPACK_HOME/bin/jetpack
echo "This is $("$jetpack" config cyclecloud.node.name) of cluster $("$jetpack" config cyclecloud.cluster.name)."
echo "It runs $("$jetpack" config platform) with $("$jetpack" config cpu.total) CPUs and $("$jetpack" config memory.total) of memory."
echo "Its scheduler is $("$jetpack" config demo.scheduler none)."
