package courier

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"jetpack.internal/shared/exit"
)

// answerLimit bounds what is read of an answer, whose words do not matter.
const answerLimit = 64 << 10

// askedToWait tells that the server names the time to try again.
type askedToWait struct {
	said error
	wait time.Duration
}

func (a *askedToWait) Error() string { return a.said.Error() }

func (h *HTTPS) post(ctx context.Context, body []byte) error {
	answer, err := h.ask(ctx, http.MethodPost, body)
	if err != nil {
		return err
	}
	return h.judge(answer, len(body))
}

// ask makes a request and reads its answer to the end, so that the connection
// can be used again.
func (h *HTTPS) ask(ctx context.Context, method string, body []byte) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, h.address, bytes.NewReader(body))
	if err != nil {
		return nil, badAddress("url", "https")
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "jetpack")
	if h.connection.Username != "" {
		request.SetBasicAuth(h.connection.Username, h.connection.Password)
	}
	answer, err := h.client.Do(request)
	if err != nil {
		return nil, h.explain(err)
	}
	defer answer.Body.Close()
	// 202 is the server's word; how its body ends changes nothing about it.
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, answerLimit))
	return answer, nil
}

// judge puts an answer in words of its own.
func (h *HTTPS) judge(answer *http.Response, size int) error {
	code := answer.StatusCode
	switch {
	case code == http.StatusAccepted:
		return nil
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		return exit.Errorf(exit.Usage, "cannot log in: server %s refuses the user name or the password (%d)", h.host, code)
	case code == http.StatusRequestEntityTooLarge:
		no := refused(exit.Usage, "message too large: server %s does not take %d bytes", h.host, size)
		no.Bytes = true
		return no
	case code == http.StatusBadRequest, code == http.StatusUnprocessableEntity:
		no := refused(exit.Usage, "message refused: server %s answers %d", h.host, code)
		no.Bytes = true
		return no
	case code == http.StatusTooManyRequests, code == http.StatusRequestTimeout, code >= 500:
		said := fmt.Errorf("cannot deliver: server %s is busy or broken (%d)", h.host, code)
		return exit.With(exit.Temporary, &askedToWait{said, retryAfter(answer.Header.Get("Retry-After"), time.Now())})
	case code >= 300 && code < 400:
		return exit.Errorf(exit.Usage, "cannot deliver: server %s sends us on to another address (%d)", h.host, code)
	}
	return exit.Errorf(exit.Usage, "cannot deliver: %s does not take messages (%d)", h.address, code)
}

// retryAfter reads the header: seconds, or a date (RFC 9110, 10.2.3). It is 0
// where there is none.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 && seconds < 1<<20 {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}

// explain puts an error of the connection in words of its own. The address
// that net/http adds is left out.
func (h *HTTPS) explain(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	var no *proxyRefusal
	var op *net.OpError
	switch {
	case errors.As(err, &no):
		return exit.Errorf(no.status(), "cannot reach server %s: %w", h.host, no)
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return exit.Errorf(exit.Temporary, "cannot reach the proxy to server %s: %w", h.host, cause(err))
	}
	return explainConnect("server "+h.host, "", "ca_file", err)
}

// proxyRefusal is a proxy's no to a connection through it.
type proxyRefusal struct{ code int }

func (r *proxyRefusal) Error() string {
	if r.code == http.StatusProxyAuthRequired {
		return "the proxy wants to be logged in to"
	}
	return fmt.Sprintf("the proxy does not let us through (%d)", r.code)
}

// status tells whether trying again can help: where the proxy cannot reach
// the server, it can.
func (r *proxyRefusal) status() int {
	if r.code >= 500 {
		return exit.Temporary
	}
	return exit.Usage
}

func judgeProxy(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyRefusal{answer.StatusCode}
}

// Check asks for the place of the messages without sending one.
func (h *HTTPS) Check(ctx context.Context, _, _ *string) (found []string, err error) {
	answer, err := h.ask(ctx, http.MethodHead, nil)
	if err != nil {
		return nil, err
	}
	found = []string{fmt.Sprintf("connected to server %s", h.host)}
	switch code := answer.StatusCode; {
	case code == http.StatusMethodNotAllowed || code >= 200 && code < 300:
		return append(found, h.address+" is there"), nil
	default:
		return found, h.judge(answer, 0)
	}
}
