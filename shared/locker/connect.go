package locker

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	azcontainer "github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
)

const (
	connections = 32       // to one server
	maxListing  = 64 << 20 // bytes of one page of a listing
)

// connect makes the client of a container: with its SAS, else with the
// node's managed identity.
func connect(at address, s Settings) (*azcontainer.Client, error) {
	options := &azcontainer.ClientOptions{ClientOptions: azcore.ClientOptions{
		Transport: &http.Client{Transport: bounded{transport()}},
		Retry:     policy.RetryOptions{MaxRetries: 5, RetryDelay: 250 * time.Millisecond, MaxRetryDelay: 30 * time.Second},
		Telemetry: policy.TelemetryOptions{ApplicationID: "jetpack"},
	}}
	// Only a loopback address may be without TLS: parseAddress sees to it.
	options.InsecureAllowCredentialWithHTTP = at.container.Scheme == "http"
	if at.sas != "" {
		signed := *at.container
		signed.RawQuery = at.sas
		return azcontainer.NewClientWithNoCredential(signed.String(), options)
	}
	credential, err := identity(s)
	if err != nil {
		return nil, err
	}
	return azcontainer.NewClient(at.container.String(), credential, options)
}

// identity is the node's managed identity. Its tokens come from the metadata
// service, which has a fixed address that s.Metadata stands in for.
func identity(s Settings) (azcore.TokenCredential, error) {
	options := &azidentity.ManagedIdentityCredentialOptions{ClientOptions: azcore.ClientOptions{
		Transport: &http.Client{Transport: metadata{s.Metadata}},
		// The SDK's own patience with a missing service is minutes.
		Retry: policy.RetryOptions{MaxRetries: 5, RetryDelay: 500 * time.Millisecond, MaxRetryDelay: 10 * time.Second,
			StatusCodes: []int{404, 410, 429, 500, 502, 503, 504}},
	}}
	if s.ClientID != "" {
		options.ID = azidentity.ClientID(s.ClientID)
	}
	return azidentity.NewManagedIdentityCredential(options)
}

func transport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: patience,
		IdleConnTimeout:       30 * time.Second,
		MaxIdleConns:          connections,
		MaxIdleConnsPerHost:   connections,
		MaxConnsPerHost:       connections,
		DisableCompression:    true,
		ReadBufferSize:        64 << 10,
	}
}

// bounded keeps listings and errors, which are read into memory, to a size.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	reply, err := b.RoundTripper.RoundTrip(r)
	if err == nil && (r.URL.Query().Get("comp") == "list" || reply.StatusCode >= 300) {
		reply.Body = limited{io.LimitReader(reply.Body, maxListing), reply.Body}
	}
	return reply, err
}

type limited struct {
	io.Reader
	io.Closer
}

// metadata sends the requests for tokens to the metadata service, or to what
// stands in for it. It never goes through a proxy.
type metadata struct{ endpoint string }

func (m metadata) RoundTrip(r *http.Request) (*http.Response, error) {
	if m.endpoint == "none" {
		return nil, errNoMetadata{errors.New("there is no metadata service to get a token from")}
	}
	if m.endpoint != "" {
		base, err := url.Parse(m.endpoint)
		if err != nil || base.Host == "" {
			return nil, fmt.Errorf("the metadata service's address %q is no URL", m.endpoint)
		}
		r = r.Clone(r.Context())
		r.URL.Scheme, r.URL.Host, r.Host = base.Scheme, base.Host, base.Host
	}
	direct := transport()
	direct.Proxy = nil
	direct.ResponseHeaderTimeout = 10 * time.Second
	defer direct.CloseIdleConnections()
	return direct.RoundTrip(r)
}

// errNoMetadata is not worth a retry; the SDK knows it by its method.
type errNoMetadata struct{ error }

// NonRetriable marks the error.
func (errNoMetadata) NonRetriable() {}
