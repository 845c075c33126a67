# Where Jetpack lives, for everyone's shell.
export CYCLECLOUD_HOME=@HOME@
case ":${PATH-}:" in
*":$CYCLECLOUD_HOME/bin:"*) ;;
*)
export PATH="${PATH-}:$CYCLECLOUD_HOME/bin"
;;
esac
