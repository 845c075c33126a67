// Package locker lists and fetches the blobs of an object store that holds
// projects. It is the sole importer of Azure's SDK.
package locker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"
)

// What can be wrong with a locker, for errors.Is. An error that is none of
// these is a passing one: the network, the server, the disk.
var (
	ErrMissing = errors.New("no such locker or blob")
	ErrChanged = errors.New("the blob changed while it was read")
	ErrDenied  = errors.New("the locker refused the credentials")
	ErrInvalid = errors.New("the locker's settings are wrong")
)

// MaxBlobs bounds what a listing may hold.
const MaxBlobs = 1_000_000

// Blob is one entry of a listing.
type Blob struct {
	Name       string    // path below the locker, separated by slashes, as the locker spells it
	Size       int64     // bytes
	ETag       string    // changes whenever the content does; never empty
	MD5        []byte    // digest of the content, nil when the locker knows none
	Modified   time.Time // when the locker last changed it
	Executable bool      // the locker knows that it is a program
	Folder     bool      // a mark that some stores keep for a folder; no file
}

// Locker is a place that projects are downloaded from. All methods may be
// called by many goroutines at once.
type Locker interface {
	// Address is the URL of a blob or folder without any secret, for people.
	Address(name string) string
	// List calls visit for every blob below a folder, in no particular order,
	// and stops at its first error. A folder with nothing in it is no error,
	// a locker that is not there is ErrMissing.
	List(ctx context.Context, folder string, visit func(Blob) error) error
	// Find is the blob with that name, failing with ErrMissing when there is none.
	Find(ctx context.Context, name string) (Blob, error)
	// Open reads the content from a byte offset on, failing with ErrChanged
	// when the blob is no longer the one that was listed.
	Open(ctx context.Context, blob Blob, offset int64) (io.ReadCloser, error)
}

// Open returns the locker that settings describe, without contacting it.
func Open(settings Settings) (Locker, error) {
	u, err := url.Parse(settings.URL)
	if err != nil {
		return nil, fmt.Errorf("%w: the URL cannot be parsed", ErrInvalid) // url.Error would show a SAS
	}
	switch strings.ToLower(u.Scheme) {
	case "file":
		return openFolder(u)
	case "az", "https", "http":
		return openContainer(u, settings)
	}
	return nil, fmt.Errorf("%w: %q is not one of az://, https:// and file://", ErrInvalid, u.Scheme)
}
