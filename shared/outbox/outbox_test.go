package outbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"jetpack.internal/shared/message"
)

func say(text string) message.Message {
	return message.Message{ID: text, Key: "k", Time: time.Unix(1, 0).UTC(), Body: []byte(text)}
}

func fill(t *testing.T, b *Box, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if err := b.Put(t.Context(), say(text)); err != nil {
			t.Fatal(err)
		}
	}
}

// empty takes everything off the box.
func empty(t *testing.T, b *Box) (texts []string) {
	t.Helper()
	d, err := b.Drain(t.Context(), time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for {
		batch, err := d.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if batch == nil {
			return texts
		}
		for _, m := range batch.Messages {
			texts = append(texts, string(m.Body))
		}
		if err := d.Done(t.Context(), batch, len(batch.Messages)); err != nil {
			t.Fatal(err)
		}
	}
}

func numbers(from, to int) (texts []string) {
	for i := from; i < to; i++ {
		texts = append(texts, fmt.Sprint("message ", i))
	}
	return texts
}

func TestMessagesComeOutInOrderAndWhole(t *testing.T) {
	b := At(filepath.Join(t.TempDir(), "outbox"), DefaultLimits)
	if !b.Empty() {
		t.Error("a box that is not there is not empty")
	}
	exchange := ""
	m := message.Message{
		ID: "1", Exchange: &exchange, Key: "a.b", Type: "t", ContentType: "text/plain", ReplyTo: "r",
		Priority: 7, Expiration: time.Second, Transient: true, Important: true,
		Headers: map[string]string{"k": "v"}, Time: time.Unix(5, 0).UTC(), Body: []byte{0xff, '\n', 0},
	}
	if err := b.Put(t.Context(), m, say("<two>\n")); err != nil {
		t.Fatal(err)
	}
	d, err := b.Drain(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	batch, err := d.Next(t.Context())
	if err != nil || len(batch.Messages) != 2 {
		t.Fatalf("%+v, %v", batch, err)
	}
	if !reflect.DeepEqual(batch.Messages[0], m) || string(batch.Messages[1].Body) != "<two>\n" {
		t.Errorf("changed: %+v", batch.Messages)
	}
}

func TestPartOfABatchDelivered(t *testing.T) {
	b := At(t.TempDir(), DefaultLimits)
	fill(t, b, numbers(0, 10)...)
	d, err := b.Drain(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	batch, err := d.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fill(t, b, "late") // by another process, after the batch was read
	if err := d.Done(t.Context(), batch, 4); err != nil {
		t.Fatal(err)
	}
	d.Close()
	all, err := segments(b.dir)
	if err != nil {
		t.Fatal(err)
	}
	if u, err := use(b.dir, all); err != nil || u.count != 7 {
		t.Errorf("count %d, %v; want 7", u.count, err)
	}
	if got, want := empty(t, b), append(numbers(4, 10), "late"); !reflect.DeepEqual(got, want) {
		t.Errorf("left %q, want %q", got, want)
	}
}

func TestFullBoxRefusesAndCounts(t *testing.T) {
	b := At(t.TempDir(), Limits{Bytes: 1 << 20, Count: 10})
	fill(t, b, numbers(0, 9)...)
	err := b.Put(t.Context(), say("too much"))
	var full *FullError
	if !errors.As(err, &full) || full.Count != 9 {
		t.Fatalf("error %v", err)
	}
	if err := b.Lose(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	important := say("evidence")
	important.Important = true
	if err := b.Put(t.Context(), important); err != nil {
		t.Errorf("no room for what is important: %v", err)
	}
	if l := b.Losses(); l.Refused != 1 || l.Since.IsZero() {
		t.Errorf("losses %+v", l)
	}
	if err := b.Forgive(t.Context(), b.Losses()); err != nil || !b.Losses().None() {
		t.Errorf("not forgiven: %v, %+v", err, b.Losses())
	}
	if got, want := empty(t, b), append(numbers(0, 9), "evidence"); !reflect.DeepEqual(got, want) {
		t.Errorf("accepted, then lost: %q", got)
	}
}

func TestBytesAreBounded(t *testing.T) {
	b := At(t.TempDir(), Limits{Bytes: 200_000, Count: 1000})
	big := strings.Repeat("x", 50_000)
	fill(t, b, big)
	if err := b.Put(t.Context(), say(big)); err == nil {
		t.Error("took more bytes than its bound")
	}
}

// A writer killed in the middle of its record costs that record alone.
func TestTornTail(t *testing.T) {
	b := At(t.TempDir(), DefaultLimits)
	fill(t, b, "one")
	path := filepath.Join(b.dir, segment{first: 1}.name())
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := 1; cut < len(text)-2; cut++ {
		if err := os.WriteFile(path, append(text[:len(text):len(text)], text[:cut]...), 0o600); err != nil {
			t.Fatal(err)
		}
		fill(t, b, "two")
		if got := empty(t, b); !reflect.DeepEqual(got, []string{"one", "two"}) {
			t.Fatalf("torn at %d: %q", cut, got)
		}
		if n := b.Losses().Damaged; n != cut {
			t.Fatalf("torn at %d: %d damaged records reported", cut, n)
		}
	}
	if kept, err := os.ReadFile(filepath.Join(b.dir, damagedFile)); err != nil || !strings.HasPrefix(string(kept), "{\n{\"\n") {
		t.Errorf("not set aside: %v", err)
	}
}

func TestManyWritersAndAFlusher(t *testing.T) {
	b := At(t.TempDir(), DefaultLimits)
	ctx, stop := context.WithCancel(t.Context())
	var writers, flusher sync.WaitGroup
	seen := map[string]int{}
	flusher.Go(func() {
		for ctx.Err() == nil {
			for _, text := range empty(t, b) {
				seen[text]++
			}
		}
	})
	many := 200
	if testing.Short() {
		many = 50 // under Wine a busy machine takes too long over 200
	}
	for w := range many {
		writers.Go(func() {
			for i := range 2 {
				if err := b.Put(t.Context(), say(fmt.Sprint(w, " ", i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	stop()
	flusher.Wait()
	for _, text := range empty(t, b) {
		seen[text]++
	}
	if len(seen) != 2*many {
		t.Errorf("%d of %d came out", len(seen), 2*many)
	}
	for text, n := range seen {
		if n != 1 {
			t.Errorf("%s came out %d times", text, n)
		}
	}
}

func TestPendingChangesNothing(t *testing.T) {
	b := At(t.TempDir(), DefaultLimits)
	fill(t, b, numbers(0, 3)...)
	var got []string
	for range 2 {
		got = nil
		if _, err := b.Pending(t.Context(), func(m message.Message) error {
			got = append(got, m.ID)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(got, numbers(0, 3)) {
		t.Errorf("pending %q", got)
	}
}
