package facts

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the goldens of the recorded machines")

// TestMachines computes every fact of the recorded machines in
// testdata/machines and compares with the golden beside each.
func TestMachines(t *testing.T) {
	files, err := filepath.Glob("testdata/machines/*.txtar")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d recorded machines, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			m := recorded(t, file)
			all := m.All(context.Background())
			for _, name := range append(Optional(), Programs()...) {
				if value, found := m.Fact(context.Background(), name); found {
					all[name] = value
				}
			}
			var got bytes.Buffer
			e := json.NewEncoder(&got)
			e.SetEscapeHTML(false)
			e.SetIndent("", " ")
			if err := e.Encode(all); err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(file, "txtar") + "json"
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if line, a, b := difference(got.String(), string(want)); line > 0 {
				t.Errorf("line %d: got %s, want %s", line, a, b)
			}
		})
	}
}

func difference(got, want string) (line int, a, b string) {
	x, y := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(x), len(y)) {
		a, b = "nothing", "nothing"
		if i < len(x) {
			a = x[i]
		}
		if i < len(y) {
			b = y[i]
		}
		if a != b {
			return i + 1, a, b
		}
	}
	return 0, "", ""
}

// recording is machine.json: what system calls would tell.
type recording struct {
	Uname   Uname
	UID     int
	Statfs  map[string]Statfs
	Network recordedNetwork
	Cards   map[string]Card
	DNS     map[string]string // the names that resolve, and their aliases
}

type recordedNetwork struct {
	Links []struct {
		Index, Type, MTU, State, Queue   int
		Flags                            uint32
		Name, Parent, Address, Broadcast string
		RX, TX                           uint64
		VLAN                             *VLAN
	}
	Addresses []struct {
		Index, Bits, Scope   int
		Flags                uint32
		IP, Broadcast, Label string
	}
	Routes []struct {
		Dst, Src                      string
		Hops                          []Hop
		Metric, Protocol, Scope, Type int
		V6, Many                      bool
	}
	Neighbours []struct {
		Index, State int
		IP, MAC      string
	}
}

func recorded(t *testing.T, file string) *Machine {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	var r recording
	for _, f := range archive.Files {
		if f.Name == "machine.json" {
			if err := json.Unmarshal(f.Data, &r); err != nil {
				t.Fatal(err)
			}
			continue
		}
		plant(t, filepath.Join(root, f.Name), string(f.Data))
	}
	network, card := r.Network.decode(), func(name string) Card { return r.Cards[name] }
	if m := (&Machine{Root: root}); m.exists("/netlink/link") {
		network, card = parseNetwork(func(kind int) []byte { return dumped(t, m, kind) }), nil
	}
	return &Machine{
		Root: root, Patience: 5 * time.Second, Card: card,
		Uname:    func() Uname { return r.Uname },
		UID:      func() int { return r.UID },
		Network:  func() Network { return network },
		Now:      func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC) },
		Exchange: r.exchange,
		Statfs: func(path string) (Statfs, error) {
			if s, ok := r.Statfs[path]; ok {
				return s, nil
			}
			return Statfs{}, errors.New("not recorded")
		},
	}
}

// dumped is a kernel's answer that was recorded, base64 of gzip.
func dumped(t testing.TB, m *Machine, kind int) []byte {
	t.Helper()
	names := map[int]string{syscall.RTM_GETLINK: "link", syscall.RTM_GETADDR: "address", syscall.RTM_GETROUTE: "route", syscall.RTM_GETNEIGH: "neighbour"}
	encoded, _ := m.read("/netlink/"+names[kind], large)
	unpack, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(encoded)))
	if err != nil {
		t.Fatal(err)
	}
	reply, err := io.ReadAll(unpack)
	if err != nil {
		t.Fatal(err)
	}
	return reply
}

// plant writes a file, executable: some stand for programs.
func plant(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
		t.Fatal(err)
	}
}

func (r recordedNetwork) decode() (n Network) {
	for _, l := range r.Links {
		n.Links = append(n.Links, Link{Index: l.Index, Type: l.Type, MTU: l.MTU, State: l.State, QueueLen: l.Queue, Flags: l.Flags,
			Name: l.Name, Parent: l.Parent, Address: bytesOf(l.Address), Broadcast: bytesOf(l.Broadcast),
			RX: Traffic{Bytes: l.RX, Packets: l.RX / 100}, TX: Traffic{Bytes: l.TX, Packets: l.TX / 100}, VLAN: l.VLAN})
	}
	for _, a := range r.Addresses {
		n.Addresses = append(n.Addresses, Address{Index: a.Index, Bits: a.Bits, Scope: a.Scope, Flags: a.Flags,
			IP: ip(a.IP), Broadcast: ip(a.Broadcast), Label: a.Label})
	}
	for _, e := range r.Routes {
		dst, _ := netip.ParsePrefix(e.Dst)
		n.Routes = append(n.Routes, Route{Dst: dst, V6: e.V6, Type: e.Type, Scope: e.Scope, Protocol: e.Protocol,
			Metric: e.Metric, Src: ip(e.Src), Hops: e.Hops, Many: e.Many})
	}
	for _, e := range r.Neighbours {
		n.Neighbours = append(n.Neighbours, Neighbour{Index: e.Index, State: e.State, IP: ip(e.IP), LLAddr: bytesOf(e.MAC)})
	}
	return n
}

func ip(s string) netip.Addr {
	a, _ := netip.ParseAddr(s)
	return a
}

func bytesOf(address string) []byte {
	b, _ := hex.DecodeString(strings.ReplaceAll(address, ":", ""))
	return b
}

// exchange is a name server: it answers with an alias where one is recorded,
// and with an address.
func (r recording) exchange(_ context.Context, _ netip.Addr, query []byte) []byte {
	name, next, _ := domainName(query, 12)
	alias, ok := r.DNS[name]
	answer := append([]byte{}, query...)
	answer[2] |= 0x80
	if !ok || query[next+1] != 1 {
		answer[3] = 3 // no such name
		return answer
	}
	address := []byte{0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 4}
	if alias == "" {
		answer[7] = 1
		return append(append(answer, 0xc0, 12), address...)
	}
	answer[7] = 2
	encoded, _ := dnsQuery(alias, 1)
	encoded = encoded[12 : len(encoded)-4]
	answer = append(answer, 0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, byte(len(encoded)))
	answer = append(answer, encoded...)
	return append(append(answer, encoded...), address...)
}
