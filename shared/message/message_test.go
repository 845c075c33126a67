package message

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var node = Identity{Cluster: "lab.eu", Node: "n-1", Instance: "i", Session: "s"}

func TestEnvelope(t *testing.T) {
	at := time.Date(2026, 5, 6, 7, 8, 9, 123_456_789, time.FixedZone("east", 7200))
	e, err := New(node, "log", map[string]string{"a": "<b> & c"}, at)
	if err != nil {
		t.Fatal(err)
	}
	text, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"cluster_name":"lab.eu","instance_id":"i","cluster_session_id":"s","timestamp":"2026-05-06T05:08:09.123Z","type":"log","data":{"a":"<b> & c"},"message_id":"` +
		e.ID + `","node_name":"n-1"}`
	if string(text) != want {
		t.Errorf("%s\nwant %s", text, want)
	}
	if got := e.RoutingKey(); got != "log.lab_eu.n-1" {
		t.Errorf("routing key %q", got)
	}
	if back, err := Decode(text); err != nil || !reflect.DeepEqual(back, e) {
		t.Errorf("%+v, %v; want %+v", back, err, e)
	}
}

func TestRoutingKeyIsThreeShortWords(t *testing.T) {
	long := strings.Repeat("ü", 500)
	for _, id := range []Identity{{}, {Cluster: long, Node: long}, {Cluster: "a.b.c", Node: "."}} {
		e, err := New(id, "log", nil, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		key := e.RoutingKey()
		words := strings.Split(key, ".")
		if len(words) != 3 || len(key) > 255 || words[1] == "" || words[2] == "" || !utf8.ValidString(key) {
			t.Errorf("%+v: key %q", id, key)
		}
	}
}

func TestKindsRefused(t *testing.T) {
	for _, kind := range []string{"", "a.b", "\xff", strings.Repeat("x", 81)} {
		if _, err := New(node, kind, nil, time.Now()); err == nil {
			t.Errorf("took the kind %q", kind)
		}
	}
}

func TestAsEnvelope(t *testing.T) {
	raw := Message{ID: "1", Key: "a.b", Time: time.Unix(0, 0), Body: []byte{0xff}}
	text, err := raw.AsEnvelope(node)
	if err != nil {
		t.Fatal(err)
	}
	e, err := Decode(text)
	if err != nil || e.ID != "1" || e.Type != RawKind || string(e.Data) != `{"routing_key":"a.b","body_base64":"/w=="}` {
		t.Errorf("%s, %v", text, err)
	}
}

// FuzzMessage: what is stored is what comes back, byte for byte.
func FuzzMessage(f *testing.F) {
	f.Add([]byte("text\n"), "key", "id", int64(5), true)
	f.Add([]byte{0xff, 0}, "", "", int64(0), false)
	f.Fuzz(func(t *testing.T, body []byte, key, id string, ms int64, yes bool) {
		if !utf8.ValidString(key) || !utf8.ValidString(id) || ms < 0 || ms > 1<<40 {
			return
		}
		m := Message{
			ID: id, Key: key, Type: key, Headers: map[string]string{key: id}, Transient: yes, Envelope: !yes,
			Expiration: time.Duration(ms) * time.Millisecond, Time: time.UnixMilli(ms).UTC(), Body: body,
		}
		if yes {
			m.Exchange = &key
		}
		text, err := m.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		if bytes.ContainsRune(text, '\n') {
			t.Errorf("more than one line: %q", text)
		}
		back, err := Unmarshal(text)
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Body) == 0 {
			m.Body, back.Body = nil, nil
		}
		if !reflect.DeepEqual(back, m) {
			t.Errorf("%+v became %+v", m, back)
		}
	})
}

// FuzzDecode: whatever can be read as an envelope is written and read again
// as the same.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"type":"log","data":{"a":1},"message_id":"x"}`))
	f.Add([]byte(`{"type":"log","data":null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		e, err := Decode(text)
		if err != nil {
			return
		}
		once, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Decode(once)
		if err != nil {
			t.Fatal(err)
		}
		twice, err := again.Encode()
		if err != nil || !bytes.Equal(once, twice) {
			t.Errorf("%s became %s, %v", once, twice, err)
		}
	})
}
