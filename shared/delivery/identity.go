package delivery

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"

	"jetpack.internal/shared/courier"
	"jetpack.internal/shared/home"
	"jetpack.internal/shared/message"
)

// configurationLimit bounds the configuration tree.
const configurationLimit = 64 << 20

// identity is who this node is by its configuration tree. A node whose tree
// is missing or damaged still speaks, by the name of its machine: it may be
// about to say just that.
func identity(h home.Home, c courier.Connection) message.Identity {
	id := configured(h.Configuration())
	if id.Cluster == "" {
		id.Cluster = c.Cluster
	}
	if id.Node == "" {
		name, _ := os.Hostname()
		id.Node, _, _ = strings.Cut(name, ".")
	}
	return id
}

func configured(path string) message.Identity {
	file, err := os.Open(path)
	if err != nil {
		return message.Identity{}
	}
	defer file.Close()
	var tree struct {
		CycleCloud struct {
			Cluster struct {
				Name    string `json:"name"`
				Session string `json:"session_id"`
			} `json:"cluster"`
			Node     struct{ Name string } `json:"node"`
			Instance struct{ ID string }   `json:"instance"`
		} `json:"cyclecloud"`
	}
	text, err := io.ReadAll(io.LimitReader(file, configurationLimit))
	if err != nil {
		return message.Identity{}
	}
	var kind *json.UnmarshalTypeError // one odd value leaves the others readable
	if err := json.Unmarshal(text, &tree); err != nil && !errors.As(err, &kind) {
		return message.Identity{}
	}
	cc := tree.CycleCloud
	return message.Identity{Cluster: cc.Cluster.Name, Session: cc.Cluster.Session, Node: cc.Node.Name, Instance: cc.Instance.ID}
}
