//go:build !linux

package azure

import (
	"context"
	"io"
	"net"
	"net/netip"
)

func dial(ctx context.Context, to netip.AddrPort) (io.ReadWriteCloser, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", to.String())
	if err != nil {
		return nil, err
	}
	if end, ok := ctx.Deadline(); ok {
		err = conn.SetDeadline(end)
	}
	return conn, err
}
