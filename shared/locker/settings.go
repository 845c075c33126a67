package locker

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/url"
	"slices"

	"jetpack.internal/shared/discreet"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/openfile"
)

const maxSettings = 4 << 20 // bytes

// Settings is one locker as config/lockers.json names it.
type Settings struct {
	URL      string `json:"url"`       // az://ACCOUNT/CONTAINER[/PREFIX], https://…, file:///…
	SAS      string `json:"sas"`       // shared access signature; a secret
	ClientID string `json:"client_id"` // of a user-assigned managed identity; "" for the system's
	Endpoint string `json:"endpoint"`  // stands in for https://ACCOUNT.blob.core.windows.net
	Metadata string `json:"-"`         // stands in for the metadata service's address; "none" for never
}

// Book is the content of config/lockers.json.
type Book struct {
	Default string              `json:"default"`
	Lockers map[string]Settings `json:"lockers"`
}

// ReadBook reads config/lockers.json. A missing file is an error of kind
// fs.ErrNotExist; damage, and a SAS that everybody may read, are marked
// exit.Usage. No secret is in any error.
func ReadBook(path string) (Book, error) {
	file, err := openfile.Open(path)
	if err != nil {
		return Book{}, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxSettings+1))
	if err != nil {
		return Book{}, err
	}
	if len(text) > maxSettings {
		return Book{}, exit.Errorf(exit.Usage, "%s is larger than %d bytes", path, maxSettings)
	}
	book, err := ParseBook(text)
	if err != nil {
		return Book{}, exit.Errorf(exit.Usage, "%s: %w", path, err)
	}
	info, err := file.Stat()
	if err != nil {
		return Book{}, err
	}
	if isOpen(info) && book.secret() {
		err := exit.Errorf(exit.Usage, "%s holds a SAS and everybody may read it", path)
		return Book{}, exit.Hint(err, "chmod 640 %s, and make a new SAS: this one is no secret any more", path)
	}
	return book, nil
}

func (b Book) secret() bool {
	for _, s := range b.Lockers {
		if u, err := url.Parse(s.URL); s.SAS != "" || err != nil || u.RawQuery != "" {
			return true
		}
	}
	return false
}

// ParseBook reads the text of config/lockers.json.
func ParseBook(text []byte) (Book, error) {
	var book Book
	if err := discreet.Unmarshal(text, &book); err != nil {
		return Book{}, err
	}
	return book, nil
}

// Find is the locker with a name, or the default one for the name "". Where
// no default is named and there is only one locker, it is the default.
func (b Book) Find(name string) (Settings, error) {
	if name == "" {
		name = b.fallback()
	}
	if settings, ok := b.Lockers[name]; ok && name != "" {
		return settings, nil
	}
	if name == "" {
		return Settings{}, fmt.Errorf("%w: no default locker is named", ErrInvalid)
	}
	known := slices.Sorted(maps.Keys(b.Lockers))
	return Settings{}, fmt.Errorf("%w: no locker is called %q (there is %q)", ErrInvalid, name, known)
}

func (b Book) fallback() string {
	if b.Default == "" && len(b.Lockers) == 1 {
		for name := range b.Lockers {
			return name
		}
	}
	return b.Default
}

// IsMissing tells whether err means that something named is not there, in a
// locker or on disk.
func IsMissing(err error) bool {
	return errors.Is(err, ErrMissing) || errors.Is(err, fs.ErrNotExist)
}
