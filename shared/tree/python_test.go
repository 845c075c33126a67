package tree

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// python is one long-lived Python 3 that answers for many documents.
type python struct {
	in   io.Writer
	out  *bufio.Reader
	kind string // of each code point: see reference.py
}

func startPython(t *testing.T) *python {
	t.Helper()
	cmd := exec.Command("python3", "-I", "testdata/reference.py")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatalf("cannot start Python (install the package python3): %v", err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil || stderr.Len() > 0 {
			t.Errorf("python3: %v\n%s", err, &stderr)
		}
	})
	p := &python{in: in, out: bufio.NewReader(out)}
	p.kind = strings.TrimSuffix(p.line(t), "\n")
	return p
}

func (p *python) line(t *testing.T) string {
	t.Helper()
	line, err := p.out.ReadString('\n')
	if err != nil {
		t.Fatalf("cannot hear Python: %v", err)
	}
	return line
}

// ask gives Python's answer: "refused", or "ok" and what reference.py tells.
func (p *python) ask(t *testing.T, text []byte, key string) []string {
	t.Helper()
	encode := base64.StdEncoding.EncodeToString
	if _, err := fmt.Fprintf(p.in, "%s %s\n", encode(text), encode([]byte(key))); err != nil {
		t.Fatalf("cannot ask Python: %v", err)
	}
	fields := strings.Split(strings.TrimSuffix(p.line(t), "\n"), " ")
	for i, field := range fields {
		plain, err := base64.StdEncoding.DecodeString(field)
		if err != nil {
			t.Fatalf("cannot read Python's answer: %v", err)
		}
		fields[i] = string(plain)
	}
	return fields
}

// disagrees tells whether this library's idea of a code point is not Python's,
// which it is only for what is younger than Python's edition of Unicode.
func (p *python) disagrees(r rune) bool {
	return strconv.IsPrint(r) != (p.kind[r] == '1')
}

func TestPrintableAsPython(t *testing.T) {
	p := startPython(t)
	younger := 0
	for r := rune(0); int(r) < len(p.kind); r++ {
		if !p.disagrees(r) {
			continue
		}
		if p.kind[r] != '2' {
			t.Errorf("%U: printable here: %v, in Python: %c", r, strconv.IsPrint(r), p.kind[r])
		}
		younger++
	}
	t.Logf("left out of all comparisons: %d code points that this Python does not know yet", younger)
}

const documents = 6000

// TestAsPython compares, for random documents, what is accepted, how it is
// printed and what a key finds with real Python. Every other document is
// damaged in a random way.
func TestAsPython(t *testing.T) {
	p := startPython(t)
	accepted, damaged, hits, younger := 0, 0, 0, 0
	for seed := range uint64(documents) {
		g := newGenerator(seed)
		text := g.document()
		if seed%2 == 1 {
			text = g.damage(text)
		}
		key := g.key()
		want := p.ask(t, text, key)
		got := answer(text, key)
		if strings.ContainsFunc(strings.Join(got, ""), p.disagrees) {
			younger++
		} else if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
			t.Errorf("seed %d: %q of\n%q\ngives\n%q, in Python\n%q", seed, key, text, got, want)
		}
		switch {
		case want[0] == "refused":
			damaged++
		case want[3] != "-":
			hits++
			fallthrough
		default:
			accepted++
		}
	}
	t.Logf("%d documents accepted, %d refused, %d keys found; %d left out for code points that this Python does not know yet", accepted, damaged, hits, younger)
	if accepted < documents/2 || damaged < documents/4 || hits < documents/10 {
		t.Error("the documents are too one-sided to prove anything")
	}
}

// answer is this library's answer to what ask asks Python.
func answer(text []byte, key string) []string {
	d, err := Parse("text", text)
	if err != nil {
		return []string{"refused"}
	}
	found := "-"
	if e, outcome := d.Lookup(key); outcome == Found {
		found = Text(e)
	}
	return []string{"ok", Text(d.Root()), string(JSON(d.Root())), found}
}
