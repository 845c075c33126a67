// Package azure tells what the Azure Instance Metadata Service says of this
// virtual machine: it fetches the answer, keeps it for the rest of the boot,
// and gives it the shape of Ohai's azure plugin.
//
// On any other machine it opens no socket.
package azure

import (
	"context"
	"time"
)

// Source is where the metadata come from. Only its Root is needed where the
// answer is neither cached nor overridden.
type Source struct {
	// Endpoint overrides the service's address: "http://127.0.0.1:8080", with a
	// numeric address or localhost. "" is the real one, asked only by an Azure
	// VM; "none" is never ask.
	Endpoint string
	Root     string // of the filesystem; "" for the running machine
	Cache    string // file that keeps the answer; "" for none

	MaxAge  time.Duration // of a cached answer; zero means a day
	Timeout time.Duration // of one attempt; zero means one second
}

const service = "http://169.254.169.254" // link-local, the same on every VM

// Metadata is the value of the top-level key "azure". It is false when the
// machine is no Azure VM, or when the service does not answer: for longer
// than twice the Timeout it does not try, and after a failure not again for
// half a minute.
func (s Source) Metadata(ctx context.Context) (map[string]any, bool) {
	if s.endpoint() == "" {
		return nil, false
	}
	kept := s.load()
	if kept.fresh(s, time.Now()) {
		return shape(kept.Instance)
	}
	if !kept.resting(time.Now()) {
		ctx, stop := context.WithTimeout(ctx, 2*s.timeout())
		defer stop()
		if instance, err := s.fetch(ctx); err == nil {
			s.store(record{Instance: instance})
			return shape(instance)
		}
		kept.Failed = time.Now()
		s.store(kept)
	}
	return shape(kept.Instance) // an older answer of this boot, if any
}

// Refresh asks the service and renews the cached answer. It retries with
// growing pauses while the service says that it is not ready, until ctx ends
// and for no more than 75 seconds: the service asks for patience of 70 when
// it is being updated. On a machine that is no Azure VM it does nothing.
func (s Source) Refresh(ctx context.Context) error {
	if s.endpoint() == "" {
		return nil
	}
	ctx, stop := context.WithTimeout(ctx, 75*time.Second)
	defer stop()
	instance, err := s.fetch(ctx)
	if err != nil {
		return err
	}
	return s.store(record{Instance: instance})
}

// endpoint is the address to ask, "" for none.
func (s Source) endpoint() string {
	switch s.Endpoint {
	case "none":
		return ""
	case "":
		if assetTag(s.Root) == azureTag {
			return service
		}
	}
	return s.Endpoint
}

func (s Source) timeout() time.Duration {
	if s.Timeout > 0 {
		return s.Timeout
	}
	return time.Second
}
