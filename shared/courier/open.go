package courier

import (
	"path/filepath"
	"time"

	"jetpack.internal/shared/message"
)

// Options are what a courier needs to know besides the connection.
type Options struct {
	File     string                  // messages go here when there is no server
	Config   string                  // the folder that relative paths in the connection start from
	Identity func() message.Identity // of the node; asked for when it is needed
	Timeout  time.Duration           // for connecting, and for the server to confirm something
}

// New chooses the courier that the connection asks for: AMQP where a broker
// is configured, HTTPS where only a server is, else the file. It checks what
// can be checked without a network, and contacts nobody.
func New(c Connection, o Options) (Courier, error) {
	switch {
	case c.Broker.URL != "":
		return newAMQP(c.Broker.in(o), o.Timeout)
	case c.URL != "":
		c.CAFile = o.path(c.CAFile)
		return newHTTPS(c, o)
	default:
		return newFile(o.File, o.Identity), nil
	}
}

// Local tells that no server is configured: messages go into the file.
func (c Connection) Local() bool { return c.Broker.URL == "" && c.URL == "" }

// in resolves the broker's files.
func (b Broker) in(o Options) Broker {
	b.CAFile, b.CertFile, b.KeyFile = o.path(b.CAFile), o.path(b.CertFile), o.path(b.KeyFile)
	return b
}

func (o Options) path(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(o.Config, path)
}
