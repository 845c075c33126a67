package main

const usage = `Usage: jetpack-config [<key> [<default>]] [flags]

Print what is known about this node.

The tree is only read here: jetpack config KEY VALUE prints VALUE if there is no
KEY, and stores nothing.

Arguments:
  [<key>]        The dotted key, such as cyclecloud.node.name. Without it: the
                 top-level keys, or with --json the whole tree.
  [<default>]    Printed as it is where KEY does not exist. Nothing is ever
                 stored.

Flags:
  -h, --help             Show this help.
      --json             Print JSON.
      --explain          Tell which layer and file the value comes from, instead
                         of the value.
      --wait=DURATION    Wait until KEY exists, at most that long: 90s, 5m,
                         1h30m, or seconds.
  -v, --verbose          Say on stderr what is done.
      --version          Print the version.
`
