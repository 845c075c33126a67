//go:build unix

package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// newMetadata starts a stand-in for Azure's metadata service that gives
// tokens and tells asked of each request for one.
func newMetadata(t testing.TB, asked func(*http.Request)) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/metadata/identity/oauth2/token" {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"compute": {"name": "vm"}, "network": {"interface": []}}`)
			return
		}
		asked(r)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"access_token": "the-token", "token_type": "Bearer", "resource": "https://storage.azure.com/", "expires_in": "3600", "expires_on": "%d"}`,
			time.Now().Add(time.Hour).Unix())
	}))
	t.Cleanup(server.Close)
	return server.URL
}
