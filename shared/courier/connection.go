package courier

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"

	"jetpack.internal/shared/discreet"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/openfile"
)

// Connection is config/connection.json: where and how to reach the server.
type Connection struct {
	Cluster  string `json:"cluster"`
	URL      string `json:"url"`
	Username string `json:"username"`
	Password string `json:"password"`
	CAFile   string `json:"ca_file"` // the authority to trust instead of the system's
	Broker   Broker `json:"broker"`
}

// Broker is an AMQP broker. Its username and password are part of its URL,
// percent-encoded.
type Broker struct {
	URL      string `json:"url"`
	Exchange string `json:"exchange"`
	CAFile   string `json:"ca_file"`
	CertFile string `json:"cert_file"`
	KeyFile  string `json:"key_file"`
}

// DefaultExchange is the topic exchange where none is configured.
const DefaultExchange = "cyclecloud"

// connectionLimit bounds the file: a connection needs a few hundred bytes.
const connectionLimit = 1 << 20

// ReadConnection reads a connection file. A file that is not there is the
// zero Connection: no server. A file that everybody may read is refused when
// it holds a secret.
func ReadConnection(path string) (Connection, error) {
	file, err := openfile.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Connection{}, nil
	}
	if err != nil {
		return Connection{}, exit.Errorf(exit.Usage, "cannot read connection: %w", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, connectionLimit+1))
	if err != nil {
		return Connection{}, exit.Errorf(exit.Usage, "cannot read connection: %w", err)
	}
	c, err := parseConnection(text)
	if err != nil {
		return Connection{}, exit.Errorf(exit.Usage, "cannot read connection: %s: %w", path, err)
	}
	info, err := file.Stat()
	if err != nil {
		return Connection{}, exit.Errorf(exit.Usage, "cannot read connection: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o007 != 0 && c.secret() {
		err := exit.Errorf(exit.Usage, "cannot use connection: %s holds a password and everybody may read it", path)
		return Connection{}, exit.Hint(err, "chmod 640 %s, and change the password: it is no secret any more", path)
	}
	return c, nil
}

func parseConnection(text []byte) (Connection, error) {
	if len(text) > connectionLimit {
		return Connection{}, fmt.Errorf("it is larger than %d bytes", connectionLimit)
	}
	c := Connection{Broker: Broker{Exchange: DefaultExchange}}
	if err := discreet.Unmarshal(text, &c); err != nil {
		return Connection{}, err
	}
	return c, nil
}

func (c Connection) secret() bool {
	return c.Password != "" || hasPassword(c.Broker.URL) || hasPassword(c.URL)
}
