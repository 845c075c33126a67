package delivery

import (
	"os"
	"strings"

	"jetpack.internal/shared/courier"
	"jetpack.internal/shared/home"
	"jetpack.internal/shared/message"
	"jetpack.internal/shared/tree"
)

// identity is who this node is by its configuration tree. A node whose tree
// is missing or damaged still speaks, by the name of its machine: it may be
// about to say just that.
func identity(h home.Home, c courier.Connection) message.Identity {
	configuration, _ := tree.Read(h.Configuration())
	name := func(key, otherwise string) string {
		if value, found := configuration.Find(key); found && value != nil {
			return tree.Text(value)
		}
		return otherwise
	}
	return message.Identity{
		Cluster:  name("cyclecloud.cluster.name", c.Cluster),
		Session:  name("cyclecloud.cluster.session_id", ""),
		Node:     name("cyclecloud.node.name", machine()),
		Instance: name("cyclecloud.instance.id", ""),
	}
}

// machine is the first word of the machine's name.
func machine() string {
	name, _ := os.Hostname() // a machine without a name stays unknown
	first, _, _ := strings.Cut(name, ".")
	return first
}
