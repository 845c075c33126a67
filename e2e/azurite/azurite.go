// Package azurite starts Microsoft's emulator of Azure Blob Storage for tests
// and fills it through its REST interface, independently of the Azure SDK.
package azurite

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The development account, whose key Microsoft publishes.
const (
	Account = "devstoreaccount1"
	key     = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)

// version of the REST interface that is spoken.
const version = "2020-10-02"

// Server is a running Azurite.
type Server struct {
	Endpoint string // stands in for https://ACCOUNT.blob.core.windows.net
	client   *http.Client
}

// Start starts an Azurite that ends with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	s, stop, err := Launch(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return s
}

// Launch starts an Azurite on a free loopback port that keeps its blobs in
// memory, with an empty folder to work in, until stop.
func Launch(dir string) (s *Server, stop func(), err error) {
	program, err := find()
	if err != nil {
		return nil, nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, nil, err
	}
	cmd := exec.Command(program, "--silent", "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry",
		"--blobHost", "127.0.0.1", "--blobPort", port)
	cmd.Dir = dir
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	stop = func() { cmd.Process.Kill(); cmd.Wait() }
	if !answers("127.0.0.1:" + port) {
		stop()
		return nil, nil, fmt.Errorf("cannot start Azurite: %s", &output)
	}
	return &Server{
		Endpoint: "http://127.0.0.1:" + port + "/" + Account,
		client:   &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}},
	}, stop, nil
}

// find is the emulator that .ci/setup installs.
func find() (string, error) {
	if path, err := exec.LookPath("azurite-blob"); err == nil {
		return path, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	path := filepath.Join(cache, "jetpack", "azurite", "node_modules", ".bin", "azurite-blob")
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("cannot find Azurite: run .ci/setup, or npm install --prefix %s azurite", filepath.Join(cache, "jetpack", "azurite"))
	}
	return path, nil
}

func freePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	return port, err
}

// answers waits for a server to take connections.
func answers(address string) bool {
	for range 1200 {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return true
		}
		time.Sleep(50 * time.Millisecond)
	}
	return false
}

// SAS is a shared access signature of the whole account that ends at expiry.
func SAS(permissions string, expiry time.Time) string {
	end := expiry.UTC().Format(time.RFC3339)
	fields := []string{Account, permissions, "b", "co", "", end, "", "https,http", version}
	secret, err := base64.StdEncoding.DecodeString(key)
	if err != nil {
		panic(err) // a constant
	}
	mac := hmac.New(sha256.New, secret)
	// From version 2020-12-06 on, the text to sign has an encryption scope too.
	io.WriteString(mac, strings.Join(fields, "\n")+"\n")
	return url.Values{
		"sp": {permissions}, "ss": {"b"}, "srt": {"co"}, "se": {end}, "spr": {"https,http"}, "sv": {version},
		"sig": {base64.StdEncoding.EncodeToString(mac.Sum(nil))},
	}.Encode()
}

// ReadSAS may read and list for an hour.
func ReadSAS() string { return SAS("rl", time.Now().Add(time.Hour)) }

func (s *Server) do(ctx context.Context, method, path, query string, body []byte, header map[string]string) error {
	at := s.Endpoint + (&url.URL{Path: "/" + path}).EscapedPath() + "?" + SAS("rwdlc", time.Now().Add(time.Hour))
	if query != "" {
		at += "&" + query
	}
	request, err := http.NewRequestWithContext(ctx, method, at, bytes.NewReader(body))
	if err != nil {
		return err
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	request.Header.Set("x-ms-version", version)
	reply, err := s.client.Do(request)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err == nil && reply.StatusCode >= 300 {
		err = errors.New(reply.Status + ": " + string(text))
	}
	return err
}

// Create makes a container.
func (s *Server) Create(ctx context.Context, container string) error {
	return s.do(ctx, "PUT", container, "restype=container", nil, nil)
}

// Upload uploads a blob with its digest.
func (s *Server) Upload(ctx context.Context, container, name string, content []byte) error {
	digest := md5.Sum(content)
	return s.do(ctx, "PUT", container+"/"+name, "", content, map[string]string{
		"x-ms-blob-type": "BlockBlob", "x-ms-blob-content-md5": base64.StdEncoding.EncodeToString(digest[:]),
	})
}

// Make is Create for tests.
func (s *Server) Make(t testing.TB, container string) {
	t.Helper()
	if err := s.Create(t.Context(), container); err != nil {
		t.Fatal(err)
	}
}

// Put is Upload for tests.
func (s *Server) Put(t testing.TB, container, name string, content []byte) {
	t.Helper()
	if err := s.Upload(t.Context(), container, name, content); err != nil {
		t.Fatal(err)
	}
}

// Delete removes a blob.
func (s *Server) Delete(t testing.TB, container, name string) {
	t.Helper()
	if err := s.do(t.Context(), "DELETE", container+"/"+name, "", nil, nil); err != nil {
		t.Fatal(err)
	}
}
