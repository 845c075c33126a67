package delivery

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/home"
	"jetpack.internal/shared/message"
)

func testHome(t *testing.T, connection string) home.Home {
	t.Helper()
	h := home.Home{Dir: t.TempDir()}
	if err := os.Mkdir(filepath.Join(h.Dir, "config"), 0o750); err != nil {
		t.Fatal(err)
	}
	tree := `{"cyclecloud":{"cluster":{"name":"c.1","session_id":"s"},"node":{"name":"n-1"},"instance":{"id":"i-1"}}}`
	write(t, h.Configuration(), tree)
	if connection != "" {
		write(t, h.Connection(), connection)
	}
	return h
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, h home.Home, o Options) *Sender {
	t.Helper()
	s, err := Open(h, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestReportWithoutAServer(t *testing.T) {
	h := testHome(t, "")
	s := open(t, h, Options{})
	for _, text := range []string{"one", "two\nlines"} {
		outcome, err := s.Report(t.Context(), "log", LogData{"info", "medium", text})
		if err != nil || outcome != Written {
			t.Fatalf("%v, %v", outcome, err)
		}
	}
	if err := s.Request(t.Context(), "shutdown", map[string]string{"reason": "unhealthy"}, time.Minute); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(h.Logs("messages.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d lines: %s", len(lines), text)
	}
	e, err := message.Decode([]byte(lines[1]))
	if err != nil {
		t.Fatal(err)
	}
	var data LogData
	if err := json.Unmarshal(e.Data, &data); err != nil || data.Message != "two\nlines" {
		t.Errorf("data %+v, %v", data, err)
	}
	if e.Cluster != "c.1" || e.Node != "n-1" || e.Instance != "i-1" || e.Session != "s" || e.Type != "log" || e.RoutingKey() != "log.c_1.n-1" {
		t.Errorf("envelope %+v", e)
	}
}

func TestNoHome(t *testing.T) {
	_, err := Open(home.Home{Dir: filepath.Join(t.TempDir(), "none")}, Options{})
	if exit.Status(err) != exit.Usage || len(exit.Hints(err)) != 1 {
		t.Errorf("error %v", err)
	}
}

func TestReportThatIsNoJSON(t *testing.T) {
	s := open(t, testHome(t, ""), Options{})
	if _, err := s.Report(t.Context(), "log", make(chan int)); exit.Status(err) != exit.Usage {
		t.Errorf("error %v", err)
	}
	if _, err := s.Report(t.Context(), "two.words", 1); exit.Status(err) != exit.Usage {
		t.Errorf("error %v", err)
	}
}
