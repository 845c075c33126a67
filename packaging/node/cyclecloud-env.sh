# Sourced by scripts that want Jetpack's commands, whatever called them.
export CYCLECLOUD_HOME=@HOME@
case ":${PATH-}:" in
*":$CYCLECLOUD_HOME/bin:"*) ;;
*) export PATH="$CYCLECLOUD_HOME/bin:${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}" ;;
esac
