package message

import (
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"
)

// Message is one message on its way, whatever carries it: an envelope or raw
// bytes with a routing key.
type Message struct {
	ID          string
	Envelope    bool // the body is an Envelope
	Important   bool // may use the last part of a nearly full outbox
	Exchange    *string
	Key         string
	Type        string
	ContentType string
	ReplyTo     string
	Priority    uint8
	Expiration  time.Duration // how long a broker keeps it; 0: for ever
	Transient   bool          // need not survive a restart of the broker
	Headers     map[string]string
	Time        time.Time
	Body        []byte
}

// stored is a Message in JSON. A body of valid UTF-8 is a string, so that jq
// shows it; any other is base64.
type stored struct {
	ID          string            `json:"message_id"`
	Time        time.Time         `json:"time"`
	Envelope    bool              `json:"envelope,omitempty"`
	Important   bool              `json:"important,omitempty"`
	Exchange    *string           `json:"exchange,omitempty"`
	Key         string            `json:"routing_key"`
	Type        string            `json:"type,omitempty"`
	ContentType string            `json:"content_type,omitempty"`
	ReplyTo     string            `json:"reply_to,omitempty"`
	Priority    uint8             `json:"priority,omitempty"`
	Expiration  int64             `json:"expiration_ms,omitempty"`
	Transient   bool              `json:"transient,omitempty"`
	Headers     map[string]string `json:"headers,omitempty"`
	Text        *string           `json:"body,omitempty"`
	Bytes       []byte            `json:"body_base64,omitempty"`
}

// Marshal is the message as one line of JSON, without a newline.
func (m Message) Marshal() ([]byte, error) {
	s := stored{
		ID: m.ID, Time: m.Time.UTC(), Envelope: m.Envelope, Important: m.Important,
		Exchange: m.Exchange, Key: m.Key, Type: m.Type, ContentType: m.ContentType,
		ReplyTo: m.ReplyTo, Priority: m.Priority, Expiration: m.Expiration.Milliseconds(),
		Transient: m.Transient, Headers: m.Headers,
	}
	if utf8.Valid(m.Body) {
		text := string(m.Body)
		s.Text = &text
	} else {
		s.Bytes = m.Body
	}
	return encode(s)
}

// Unmarshal is the inverse of Marshal.
func Unmarshal(text []byte) (Message, error) {
	var s stored
	if err := json.Unmarshal(text, &s); err != nil {
		return Message{}, fmt.Errorf("cannot read message: %w", err)
	}
	m := Message{
		ID: s.ID, Time: s.Time, Envelope: s.Envelope, Important: s.Important,
		Exchange: s.Exchange, Key: s.Key, Type: s.Type, ContentType: s.ContentType,
		ReplyTo: s.ReplyTo, Priority: s.Priority, Expiration: time.Duration(s.Expiration) * time.Millisecond,
		Transient: s.Transient, Headers: s.Headers, Body: s.Bytes,
	}
	if s.Text != nil {
		m.Body = []byte(*s.Text)
	}
	return m, nil
}

// raw is the data of the envelope that stands for a raw message where the
// transport knows envelopes only.
type raw struct {
	Exchange    *string           `json:"exchange,omitempty"`
	Key         string            `json:"routing_key"`
	Type        string            `json:"type,omitempty"`
	ContentType string            `json:"content_type,omitempty"`
	Headers     map[string]string `json:"headers,omitempty"`
	Text        *string           `json:"body,omitempty"`
	Bytes       []byte            `json:"body_base64,omitempty"`
}

// RawKind is the type of the envelope around a raw message.
const RawKind = "raw"

// AsEnvelope is the message as the text of one envelope: its body where it
// is one already, else an envelope of type RawKind around it, with its id.
func (m Message) AsEnvelope(id Identity) ([]byte, error) {
	if m.Envelope {
		return m.Body, nil
	}
	data := raw{Exchange: m.Exchange, Key: m.Key, Type: m.Type, ContentType: m.ContentType, Headers: m.Headers}
	if utf8.Valid(m.Body) {
		text := string(m.Body)
		data.Text = &text
	} else {
		data.Bytes = m.Body
	}
	e, err := New(id, RawKind, data, m.Time)
	if err != nil {
		return nil, err
	}
	e.ID = m.ID
	return e.Encode()
}
