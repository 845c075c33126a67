package locker

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const listing = `<?xml version="1.0"?><EnumerationResults><Blobs><Blob><Name>%s</Name><Properties><Etag>%s</Etag><Content-Length>%s</Content-Length>` +
	`<Content-MD5>%s</Content-MD5></Properties></Blob></Blobs><NextMarker/></EnumerationResults>`

// FuzzListing: whatever a server sends as a listing ends, in an error or in
// blobs of the folder that was asked for, each with a size and an ETag.
func FuzzListing(f *testing.F) {
	f.Add(fmt.Sprintf(listing, "deep/projects/p/a", "0x1", "3", "XUFAKrxLKna5cZ2REBfFkg=="))
	f.Add(fmt.Sprintf(listing, "elsewhere", "0x1", "3", ""))
	f.Add(fmt.Sprintf(listing, "deep/projects/p/a", "", "-3", "no digest"))
	f.Add(strings.Replace(fmt.Sprintf(listing, "deep/projects/p/a", "0x1", "3", ""), "<NextMarker/>", "<NextMarker>again</NextMarker>", 1))
	f.Add("<EnumerationResults></EnumerationResults>")
	f.Add("<EnumerationResults><Blobs><Blob/></Blobs></EnumerationResults>")
	f.Add("{}")
	f.Add("")
	var reply string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/xml")
		fmt.Fprint(w, reply)
	}))
	f.Cleanup(server.Close)
	l, err := Open(Settings{URL: server.URL + "/account/box/deep", SAS: "sig=x"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		reply = text
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond) // it may go on and on
		defer cancel()
		err := l.List(ctx, "projects/p", func(b Blob) error {
			if b.Name == "" || b.Size < 0 || b.ETag == "" || b.MD5 != nil && len(b.MD5) == 0 {
				t.Errorf("%q: %+v", text, b)
			}
			return nil
		})
		if err == nil && !strings.Contains(text, "EnumerationResults") {
			t.Errorf("%q is a listing", text)
		}
	})
}
