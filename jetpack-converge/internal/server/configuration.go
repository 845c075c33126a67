// Package server fetches the node's configuration from its server.
package server

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"time"

	"jetpack.internal/shared/atomicfile"
	"jetpack.internal/shared/courier"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/home"
	"jetpack.internal/shared/openfile"
	"jetpack.internal/shared/tree"
)

const (
	timeout = 30 * time.Second
	maxSize = 64 << 20 // bytes
)

// Fetch brings config/configuration.json up to date from the address that the
// member "configuration" of config/connection.json gives: a URL, or a path
// below the member "url". It tells whether the file is new. Without such a
// member it does nothing. A file that cannot be fetched stays as it is.
func Fetch(ctx context.Context, h home.Home) (fresh bool, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, exit.Errorf(exit.Temporary, "no answer within %s", timeout))
	defer cancel()
	fresh, err = fetch(ctx, h)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return fresh, err
}

func fetch(ctx context.Context, h home.Home) (fresh bool, err error) {
	address, connection, err := where(h.Connection())
	if err != nil || address == nil {
		return false, err
	}
	connection = connection.WithPassword(home.ServerPassword())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return false, err
	}
	if connection.Username != "" {
		request.SetBasicAuth(connection.Username, connection.Password)
	}
	request.Header.Set("Accept", "application/json")
	known := knownTag(h)
	if known != "" {
		request.Header.Set("If-None-Match", known)
	}
	trust, err := connection.TLS(filepath.Dir(h.Connection()))
	if err != nil {
		return false, err
	}
	client := http.Client{CheckRedirect: sameHost, Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: trust}}
	defer client.CloseIdleConnections()
	reply, err := client.Do(request)
	if err != nil {
		return false, exit.Errorf(exit.Temporary, "%s: %w", address.Redacted(), plain(err))
	}
	defer reply.Body.Close()
	return keep(h, reply, address)
}

// keep writes what the server sent, once it is known to be a whole tree.
func keep(h home.Home, reply *http.Response, address *url.URL) (fresh bool, err error) {
	switch reply.StatusCode {
	case http.StatusNotModified:
		return false, nil
	case http.StatusOK:
	default:
		return false, exit.Errorf(exit.Temporary, "%s: the server says %d", address.Redacted(), reply.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(reply.Body, maxSize+1))
	if err != nil {
		return false, exit.Errorf(exit.Temporary, "%s: %w", address.Redacted(), plain(err))
	}
	if len(text) > maxSize {
		return false, exit.Errorf(exit.Temporary, "%s sent more than %d bytes", address.Redacted(), maxSize)
	}
	// A proxy's page, or half a tree: what is wrong there passes.
	doc, err := tree.Parse(address.Redacted(), text)
	if err != nil {
		return false, exit.With(exit.Temporary, err)
	}
	if !doc.Root().IsObject() {
		return false, exit.Errorf(exit.Temporary, "%s sent JSON that is no object", address.Redacted())
	}
	if err := atomicfile.Write(h.Configuration(), text, 0o640); err != nil {
		return false, err
	}
	return true, rememberTag(h, reply.Header.Get("ETag"))
}

// where is the configuration's address, nil when there is none.
func where(path string) (*url.URL, courier.Connection, error) {
	connection, err := courier.ReadConnection(path)
	if err != nil {
		return nil, connection, err
	}
	text, err := openfile.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, connection, nil
	}
	if err != nil {
		return nil, connection, err
	}
	var more struct {
		Configuration string `json:"configuration"`
	}
	if err := json.Unmarshal(text, &more); err != nil || more.Configuration == "" {
		return nil, connection, err // ReadConnection has found it to be JSON
	}
	address, err := resolve(connection.URL, more.Configuration)
	if err != nil {
		return nil, connection, exit.Errorf(exit.Usage, "%s: the configuration's address: %w", path, err)
	}
	return address, connection, nil
}

func resolve(base, reference string) (*url.URL, error) {
	at, err := url.Parse(reference)
	if err != nil {
		return nil, plain(err)
	}
	if !at.IsAbs() {
		server, err := url.Parse(base)
		if err != nil {
			return nil, plain(err)
		}
		at = server.JoinPath(at.Path)
	}
	switch {
	case at.Host == "":
		return nil, errors.New("it names no server")
	case at.Scheme == "https", at.Scheme == "http" && isLoopback(at.Hostname()):
		return at, nil
	}
	return nil, errors.New("it must be https: a password would cross an open line")
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// sameHost keeps the password from being carried elsewhere.
func sameHost(request *http.Request, via []*http.Request) error {
	if request.URL.Host != via[0].URL.Host || request.URL.Scheme != via[0].URL.Scheme || len(via) > 5 {
		return errors.New("the server redirects elsewhere")
	}
	return nil
}

// plain takes the URL out of an error: it may hold a secret.
func plain(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}
