// Package message is what a node says: the envelope around its data, and the
// form in which a message travels or waits. It is pure: no files, no network.
package message

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Identity says which node speaks. A part that is not known is empty.
type Identity struct {
	Cluster, Node, Instance, Session string
}

// Envelope is the JSON object around every report, in the form that a
// CycleCloud 8 server takes, with an id and the node's name added.
type Envelope struct {
	Cluster   string          `json:"cluster_name"`
	Instance  string          `json:"instance_id"`
	Session   string          `json:"cluster_session_id"`
	Timestamp string          `json:"timestamp"` // ISO 8601, UTC, milliseconds
	Type      string          `json:"type"`
	Data      json.RawMessage `json:"data"`
	ID        string          `json:"message_id"` // UUIDv7, the same at every repeat
	Node      string          `json:"node_name"`
}

// timestampForm is ISO 8601 in UTC with milliseconds.
const timestampForm = "2006-01-02T15:04:05.000Z"

// New puts data, which must be a value that JSON can express, into an envelope.
func New(id Identity, kind string, data any, now time.Time) (Envelope, error) {
	if err := checkKind(kind); err != nil {
		return Envelope{}, err
	}
	text, err := encode(data)
	if err != nil {
		return Envelope{}, fmt.Errorf("cannot express the %s message in JSON: %w", kind, err)
	}
	return Envelope{
		Cluster: id.Cluster, Instance: id.Instance, Session: id.Session, Node: id.Node,
		Timestamp: now.UTC().Format(timestampForm),
		Type:      kind, Data: text, ID: NewID(),
	}, nil
}

// NewID is a fresh message id: a UUIDv7, so ids sort by time.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// Decode reads an envelope. It is the inverse of Encode.
func Decode(text []byte) (Envelope, error) {
	var e Envelope
	if err := json.Unmarshal(text, &e); err != nil {
		return Envelope{}, fmt.Errorf("cannot read envelope: %w", err)
	}
	if e.Data == nil {
		return Envelope{}, errors.New("cannot read envelope: it holds no data")
	}
	return e, checkKind(e.Type)
}

// Encode is the envelope as one line of JSON, without a newline.
func (e Envelope) Encode() ([]byte, error) { return encode(e) }

// RoutingKey is TYPE.CLUSTER.NODE. A dot inside a name would add words to the
// key, so it becomes an underscore; an unknown name is "unknown".
func (e Envelope) RoutingKey() string {
	return e.Type + "." + word(e.Cluster) + "." + word(e.Node)
}

// Message is the envelope ready to travel: persistent, with its identity as
// properties.
func (e Envelope) Message() (Message, error) {
	body, err := e.Encode()
	if err != nil {
		return Message{}, err
	}
	at, err := time.Parse(timestampForm, e.Timestamp)
	if err != nil {
		return Message{}, fmt.Errorf("cannot read envelope: %w", err)
	}
	return Message{
		ID: e.ID, Envelope: true, Key: e.RoutingKey(), Type: e.Type,
		ContentType: "application/json", Time: at, Body: body,
	}, nil
}

// longestWord keeps a routing key of three words below AMQP's 255 bytes.
const longestWord = 80

func word(name string) string {
	if name == "" {
		return "unknown"
	}
	if len(name) > longestWord {
		name = strings.ToValidUTF8(name[:longestWord], "")
	}
	return strings.ReplaceAll(name, ".", "_")
}

func checkKind(kind string) error {
	if kind == "" || len(kind) > longestWord || strings.Contains(kind, ".") || !utf8.ValidString(kind) {
		return fmt.Errorf("cannot use %q as message type: it must be one word of at most %d bytes without dots", kind, longestWord)
	}
	return nil
}
