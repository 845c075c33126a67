package locker

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	azblob "github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	azcontainer "github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
)

// container is a locker in Azure Blob Storage.
type container struct {
	client *azcontainer.Client
	root   *url.URL // of the container, without any secret
	prefix string   // folder in the container that is the locker; "" or with a slash at its end
	expiry time.Time
}

// address is where a container lies.
type address struct {
	container *url.URL // without query
	prefix    string
	sas       string // without "?"
}

func openContainer(u *url.URL, s Settings) (Locker, error) {
	at, err := parseAddress(u, s)
	if err != nil {
		return nil, err
	}
	client, err := connect(at, s)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, plain(err))
	}
	return &container{client, at.container, at.prefix, expiry(at.sas)}, nil
}

func parseAddress(u *url.URL, s Settings) (address, error) {
	at := address{sas: strings.TrimPrefix(s.SAS, "?")}
	var err error
	if strings.EqualFold(u.Scheme, "az") {
		at.container, at.prefix, err = parseShort(u, s.Endpoint)
	} else {
		at.container, at.prefix, err = parseFull(u)
		if at.sas == "" {
			at.sas = u.RawQuery
		}
	}
	if err != nil {
		return at, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if at.container.Scheme != "https" && !isLoopback(at.container.Hostname()) {
		return at, fmt.Errorf("%w: %s would send secrets over an open line: use https", ErrInvalid, at.container.Redacted())
	}
	return at, nil
}

// parseShort reads az://ACCOUNT/CONTAINER[/PREFIX].
func parseShort(u *url.URL, endpoint string) (*url.URL, string, error) {
	name, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if u.Host == "" || name == "" || u.RawQuery != "" {
		return nil, "", fmt.Errorf("a locker's URL is az://ACCOUNT/CONTAINER or az://ACCOUNT/CONTAINER/FOLDER")
	}
	if endpoint == "" {
		endpoint = "https://" + u.Host + ".blob.core.windows.net"
	}
	base, err := url.Parse(endpoint)
	if err != nil || base.Host == "" || base.RawQuery != "" || base.User != nil {
		return nil, "", fmt.Errorf("the endpoint is no URL such as https://ACCOUNT.blob.core.windows.net")
	}
	return base.JoinPath(name), folderPrefix(prefix), nil
}

// parseFull reads https://ACCOUNT.blob.…/CONTAINER[/PREFIX], with the account
// as the path's first part where the host is an address (Azurite).
func parseFull(u *url.URL) (*url.URL, string, error) {
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	length := 1
	if net.ParseIP(u.Hostname()) != nil || u.Hostname() == "localhost" {
		length = 2
	}
	if len(parts) < length || parts[length-1] == "" || u.User != nil {
		return nil, "", fmt.Errorf("a locker's URL names a container: https://ACCOUNT.blob.core.windows.net/CONTAINER")
	}
	base := &url.URL{Scheme: strings.ToLower(u.Scheme), Host: u.Host}
	return base.JoinPath(parts[:length]...), folderPrefix(path.Join(parts[length:]...)), nil
}

func folderPrefix(folder string) string {
	if folder = strings.Trim(folder, "/"); folder != "" {
		return folder + "/"
	}
	return ""
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (c *container) Address(name string) string {
	return c.root.JoinPath(c.prefix + name).String()
}

func (c *container) List(ctx context.Context, folder string, visit func(Blob) error) error {
	prefix := c.prefix + folderPrefix(folder)
	pager := c.client.NewListBlobsFlatPager(&azcontainer.ListBlobsFlatOptions{
		Prefix:  &prefix,
		Include: azcontainer.ListBlobsInclude{Metadata: true},
	})
	count, marker := 0, ""
	for pager.More() {
		page, err := pager.NextPage(ctx)
		if err != nil {
			return c.explain(ctx, err)
		}
		if next := page.NextMarker; next != nil && *next != "" && *next == marker {
			return fmt.Errorf("the listing goes round in circles")
		} else if next != nil {
			marker = *next
		}
		if page.Segment == nil {
			return fmt.Errorf("the listing is none")
		}
		for _, item := range page.Segment.BlobItems {
			if count++; count > MaxBlobs {
				return fmt.Errorf("the listing has more than %d entries", MaxBlobs)
			}
			if err := c.visit(item, visit); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *container) visit(item *azcontainer.BlobItem, visit func(Blob) error) error {
	if item == nil || item.Name == nil || item.Properties == nil || item.Properties.ETag == nil || bare(*item.Properties.ETag) == "" || item.Properties.ContentLength == nil {
		return fmt.Errorf("the listing has an entry without name, size or ETag")
	}
	name, inside := strings.CutPrefix(*item.Name, c.prefix)
	if !inside || *item.Properties.ContentLength < 0 {
		return fmt.Errorf("the listing has an entry that was not asked for: %q", *item.Name)
	}
	blob := Blob{Name: name, Size: *item.Properties.ContentLength, ETag: bare(*item.Properties.ETag), MD5: item.Properties.ContentMD5}
	if len(blob.MD5) == 0 {
		blob.MD5 = nil
	}
	if item.Properties.LastModified != nil {
		blob.Modified = *item.Properties.LastModified
	}
	for key, value := range item.Metadata {
		blob.Folder = blob.Folder || strings.EqualFold(key, "hdi_isfolder") && value != nil && *value == "true"
	}
	return visit(blob)
}

func (c *container) Find(ctx context.Context, name string) (Blob, error) {
	has, err := c.client.NewBlobClient(c.prefix+name).GetProperties(ctx, nil)
	if err != nil {
		return Blob{}, c.explain(ctx, err)
	}
	if has.ETag == nil || bare(*has.ETag) == "" || has.ContentLength == nil || *has.ContentLength < 0 {
		return Blob{}, fmt.Errorf("the server does not tell the blob's size and ETag")
	}
	blob := Blob{Name: name, Size: *has.ContentLength, ETag: bare(*has.ETag)}
	if len(has.ContentMD5) > 0 {
		blob.MD5 = has.ContentMD5
	}
	if has.LastModified != nil {
		blob.Modified = *has.LastModified
	}
	return blob, nil
}

// bare is an ETag without its quotes: headers have them, listings do not.
func bare(tag azcore.ETag) string { return strings.Trim(string(tag), `"`) }

func (c *container) Open(ctx context.Context, blob Blob, offset int64) (io.ReadCloser, error) {
	ctx, stalled := watch(ctx)
	etag := azcore.ETag(`"` + blob.ETag + `"`)
	options := azblob.DownloadStreamOptions{
		AccessConditions: &azblob.AccessConditions{ModifiedAccessConditions: &azblob.ModifiedAccessConditions{IfMatch: &etag}},
	}
	if offset > 0 {
		options.Range = azblob.HTTPRange{Offset: offset}
	}
	reply, err := c.client.NewBlobClient(c.prefix+blob.Name).DownloadStream(ctx, &options)
	if err != nil {
		err = c.explain(ctx, err)
		stalled.stop()
		return nil, err
	}
	body := &body{reply.Body, stalled, ctx}
	if err := body.check(reply, blob, offset); err != nil {
		body.Close()
		return nil, err
	}
	return body, nil
}
