package main

// program is one of the toolkit's programs, and the package that holds it.
type program struct {
	name, summary, description string
	certificates               bool     // it speaks TLS and needs the system's roots
	with                       []string // packages that it is most useful with
}

// programs are in the order in which people read of them.
var programs = [...]program{
	{
		name: "jetpack", summary: "start the tools of a cluster node by familiar names",
		description: "Runs jetpack-NAME as \"jetpack NAME\", as git does with its commands,\nand brings the shells' completions for all of Jetpack.",
		with:        []string{"jetpack-config", "jetpack-converge", "jetpack-download", "jetpack-keepalive", "jetpack-log", "jetpack-send"},
	},
	{
		name: "jetpack-config", summary: "print what is known about a cluster node",
		description: "Prints values of the node's configuration, facts about the machine in\nOhai's words, and Azure's metadata, for scripts and people.",
		with:        []string{"jetpack"},
	},
	{
		name: "jetpack-converge", summary: "bring a cluster node to the configuration of its projects",
		description: "Downloads the node's projects from their lockers, runs Chef where they\nask for it and their cluster-init scripts, and reports to the server.",
		with:        []string{"jetpack", "jetpack-config", "jetpack-log"}, certificates: true,
	},
	{
		name: "jetpack-download", summary: "bring a project's blob to a cluster node",
		description: "Downloads a file that belongs to a project, verified and resumed, for\nthe project's scripts.",
		with:        []string{"jetpack"}, certificates: true,
	},
	{
		name: "jetpack-keepalive", summary: "delay the termination of a cluster node",
		description: "While a keepalive holds, an unhealthy node is reported but not\nterminated.",
		with:        []string{"jetpack"},
	},
	{
		name: "jetpack-log", summary: "send a log message about a cluster node",
		description: "Hands a message over to the node's server, or keeps it on the disk until\nthe server can be reached.",
		with:        []string{"jetpack"}, certificates: true,
	},
	{
		name: "jetpack-send", summary: "send any string or file with a routing key",
		description: "Publishes raw messages, each confirmed by the broker, or keeps them on\nthe disk until the server can be reached.",
		with:        []string{"jetpack"}, certificates: true,
	},
	{
		name: "healthcheckd", summary: "judge the health of a cluster node",
		description: "Runs the node's health checks every few minutes, and asks its server to\nterminate the node when one says that it is beyond help. The unit that\nstarts it at boot is in jetpack-node.",
		with:        []string{"jetpack-keepalive"}, certificates: true,
	},
}

const (
	maintainer      = "Jetpack Developers <jetpack@jetpack.internal>"
	nodeSummary     = "everything that makes a machine a cluster node"
	nodeDescription = "Pulls in all programs of Jetpack, and brings the folders below\n/opt/cycle/jetpack, the units that converge the node and watch its health\nfrom boot on, stable names for Azure's data disks, and everyone's\nCYCLECLOUD_HOME."
)
