package azure

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"
)

func serve(t *testing.T, handler http.HandlerFunc) Source {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return Source{Endpoint: server.URL, Cache: filepath.Join(t.TempDir(), "azure.json"), Timeout: 5 * time.Second}
}

func TestAnswerInOhaisShape(t *testing.T) {
	asked := 0
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		if r.Header.Get("Metadata") != "true" || r.URL.Path != "/metadata/instance" {
			t.Errorf("asked %s with %v", r.URL, r.Header)
		}
		w.Write([]byte(`{"compute":{"vmSize":"Standard_HB120rs_v3","tags":"a:b;c:d"},"network":{"interface":[{"macAddress":"000D3AF806EC",
			"ipv4":{"ipAddress":[{"privateIpAddress":"10.0.0.4","publicIpAddress":""}]},"ipv6":{"ipAddress":[]}}]}}`))
	})
	for range 2 {
		got, ok := s.Metadata(context.Background())
		if !ok {
			t.Fatal("no metadata")
		}
		cloud := Cloud(got)
		if cloud["local_ipv4"] != "10.0.0.4" || cloud["provider"] != "azure" {
			t.Errorf("cloud is %v", cloud)
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times, not once and then from the cache", asked)
	}
}
