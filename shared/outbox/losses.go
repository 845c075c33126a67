package outbox

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"jetpack.internal/shared/atomicfile"
	"jetpack.internal/shared/openfile"
)

// Losses counts what the box could not keep since the last report of it.
type Losses struct {
	Refused int       `json:"refused"` // messages not taken because the box was full
	Damaged int       `json:"damaged"` // records found damaged and set aside
	Since   time.Time `json:"since"`   // when the first of them happened
}

// None tells that nothing was lost.
func (l Losses) None() bool { return l.Refused == 0 && l.Damaged == 0 }

const (
	lossesFile  = "losses.json"
	damagedFile = "damaged"
	damagedMost = 1 << 20 // bytes kept of damaged records; beyond, they are only counted
)

// Losses is what was lost so far.
func (b *Box) Losses() Losses {
	var l Losses
	text, err := openfile.Read(filepath.Join(b.dir, lossesFile))
	if err != nil || json.Unmarshal(text, &l) != nil {
		return Losses{}
	}
	return l
}

// Forgive takes losses that were reported off the count.
func (b *Box) Forgive(ctx context.Context, reported Losses) error {
	return b.locked(ctx, func() error {
		l := b.Losses()
		l.Refused -= reported.Refused
		l.Damaged -= reported.Damaged
		if l.None() {
			return os.Remove(filepath.Join(b.dir, lossesFile))
		}
		return b.account(l)
	})
}

// Lose counts n messages that a full box has refused and that nobody else took.
func (b *Box) Lose(ctx context.Context, n int) error {
	return b.locked(ctx, func() error {
		b.lose(Losses{Refused: n})
		return nil
	})
}

// lose counts losses; the caller holds the lock. That the count itself can be
// lost on a full disk is no reason to fail twice.
func (b *Box) lose(more Losses) {
	l := b.Losses()
	if l.None() {
		l.Since = time.Now().UTC()
	}
	l.Refused += more.Refused
	l.Damaged += more.Damaged
	_ = b.account(l)
}

func (b *Box) account(l Losses) error {
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(b.dir, lossesFile), append(text, '\n'), fileMode)
}

// setAside keeps the damaged pieces that lie before end where someone can
// look at them, and counts them.
func (b *Box) setAside(damaged []piece, end int) error {
	var bytes []byte
	count := 0
	for _, p := range damaged {
		if p.end <= end {
			bytes = append(append(bytes, p.text...), '\n')
			count++
		}
	}
	if count == 0 {
		return nil
	}
	b.lose(Losses{Damaged: count})
	return b.keepDamaged(bytes)
}

func (b *Box) keepDamaged(text []byte) error {
	file, err := os.OpenFile(filepath.Join(b.dir, damagedFile), os.O_WRONLY|os.O_CREATE|os.O_APPEND, fileMode)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	room := max(damagedMost-info.Size(), 0)
	if _, err := file.Write(text[:min(int64(len(text)), room)]); err != nil {
		return err
	}
	return file.Sync()
}
