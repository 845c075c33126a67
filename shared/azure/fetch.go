package azure

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// version of the service's interface. One that does not know it answers with
// the versions that it knows.
const version = "2021-02-01"

// fetch asks until it gets an answer, an answer that will not change, or the
// end of ctx.
func (s Source) fetch(ctx context.Context) (instance any, err error) {
	at, err := address(s.endpoint())
	if err != nil {
		return nil, fmt.Errorf("cannot read instance metadata: %w", err)
	}
	version := version
	for pause := s.timeout() / 16; ; pause = min(2*pause, 10*time.Second) {
		instance, again, err := s.attempt(ctx, at, &version)
		if err == nil {
			return instance, nil
		}
		if !again || !sleep(ctx, pause) {
			return nil, fmt.Errorf("cannot read instance metadata: %w", err)
		}
	}
}

// attempt asks once; again tells that asking again may help.
func (s Source) attempt(ctx context.Context, at endpoint, version *string) (instance any, again bool, err error) {
	ctx, stop := context.WithTimeout(ctx, s.timeout())
	defer stop()
	status, body, err := get(ctx, at, "/metadata/instance?format=json&api-version="+*version)
	switch {
	case err != nil:
		return nil, true, err
	case status == 200:
		if decode(body, &instance) != nil {
			return nil, false, errors.New("answer is not JSON")
		}
		if _, ok := instance.(map[string]any); !ok {
			return nil, false, errors.New("answer is not a JSON object")
		}
		return instance, false, nil
	case status == 400:
		newest := newestVersion(body)
		again = newest != "" && newest != *version
		*version = newest
	case status == 404 || status == 410 || status == 429 || status >= 500:
		again = true
	}
	return nil, again, fmt.Errorf("status %d", status)
}

// newestVersion reads the answer to a version that the service does not know.
func newestVersion(body []byte) string {
	var answer struct {
		Versions []string `json:"newest-versions"`
	}
	if decode(body, &answer) != nil || len(answer.Versions) == 0 {
		return ""
	}
	newest := slices.Max(answer.Versions)
	if len(newest) > 32 || strings.Trim(newest, "0123456789-") != "" {
		return ""
	}
	return newest
}

func sleep(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// endpoint is a parsed Source.Endpoint.
type endpoint struct {
	addr netip.AddrPort
	host string // as written, for the Host header
	path string // prefix of every path
}

func address(url string) (at endpoint, err error) {
	rest, ok := strings.CutPrefix(url, "http://")
	if !ok {
		return at, fmt.Errorf("endpoint %q does not start with http://", url)
	}
	at.host, at.path, _ = strings.Cut(rest, "/")
	if at.path = strings.TrimRight(at.path, "/"); at.path != "" {
		at.path = "/" + at.path
	}
	name := strings.Replace(at.host, "localhost", "127.0.0.1", 1)
	if at.addr, err = netip.ParseAddrPort(name); err == nil {
		return at, nil
	}
	ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
	if err != nil || strings.ContainsAny(url, " \r\n") {
		return at, fmt.Errorf("endpoint %q has no numeric address", url)
	}
	at.addr = netip.AddrPortFrom(ip, 80)
	return at, nil
}
