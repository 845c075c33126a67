package locker

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// explain is an error of the SDK in one line, without secrets, and of one of
// the package's kinds where it is one.
func (c *container) explain(ctx context.Context, err error) error {
	var reply *azcore.ResponseError
	var identity *azidentity.AuthenticationFailedError
	switch {
	case errors.As(err, &identity):
		return fmt.Errorf("%w: the node's managed identity gets no token", ErrDenied)
	case errors.As(err, &reply):
		return c.explainReply(reply)
	}
	return silence(ctx, err)
}

func (c *container) explainReply(reply *azcore.ResponseError) error {
	said := fmt.Sprintf("the server says %d", reply.StatusCode)
	if reply.ErrorCode != "" {
		said += fmt.Sprintf(" (%q)", reply.ErrorCode)
	}
	switch reply.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		if !c.expiry.IsZero() && c.expiry.Before(time.Now()) {
			return fmt.Errorf("%w: the SAS has expired at %s", ErrDenied, c.expiry.Format(time.RFC3339))
		}
		return fmt.Errorf("%w: %s", ErrDenied, said)
	case http.StatusBadRequest:
		return fmt.Errorf("%w: %s", ErrInvalid, said)
	case http.StatusNotFound:
		return fmt.Errorf("%w: %s", ErrMissing, said)
	case http.StatusPreconditionFailed, http.StatusRequestedRangeNotSatisfiable:
		return ErrChanged
	}
	return errors.New(said)
}

// plain takes the URL out of an error of net/http: its query is a secret.
func plain(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// expiry is when a SAS ends; zero when it does not tell.
func expiry(sas string) time.Time {
	values, err := url.ParseQuery(sas)
	if err != nil {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z", "2006-01-02"} {
		if at, err := time.Parse(layout, values.Get("se")); err == nil {
			return at
		}
	}
	return time.Time{}
}
