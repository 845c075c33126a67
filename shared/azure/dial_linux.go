package azure

import (
	"context"
	"io"
	"net/netip"
	"os"
	"syscall"
	"time"
)

// dial connects with the kernel's calls alone: package net would cost half a
// megabyte. The runtime's poller keeps the deadline of ctx.
func dial(ctx context.Context, to netip.AddrPort) (io.ReadWriteCloser, error) {
	family, peer := syscall.AF_INET6, syscall.Sockaddr(&syscall.SockaddrInet6{Port: int(to.Port()), Addr: to.Addr().As16()})
	if to.Addr().Is4() {
		family, peer = syscall.AF_INET, &syscall.SockaddrInet4{Port: int(to.Port()), Addr: to.Addr().As4()}
	}
	fd, err := syscall.Socket(family, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	if err := syscall.Connect(fd, peer); err != nil && err != syscall.EINPROGRESS {
		syscall.Close(fd)
		return nil, os.NewSyscallError("connect", err)
	}
	socket := os.NewFile(uintptr(fd), "metadata service")
	end, ok := ctx.Deadline()
	if !ok {
		end = time.Now().Add(time.Minute)
	}
	if err := socket.SetDeadline(end); err != nil {
		socket.Close()
		return nil, err
	}
	if err := connected(socket, fd); err != nil {
		socket.Close()
		return nil, os.NewSyscallError("connect", err)
	}
	return socket, nil
}

// connected waits for the end of the connect, which makes the socket writable.
func connected(socket *os.File, fd int) error {
	raw, err := socket.SyscallConn()
	if err != nil {
		return err
	}
	var outcome error
	err = raw.Write(func(uintptr) bool {
		code, err := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_ERROR)
		if err != nil {
			outcome = err
			return true
		}
		if code != 0 {
			outcome = syscall.Errno(code)
			return true
		}
		_, err = syscall.Getpeername(fd)
		return err == nil
	})
	if err != nil {
		return err
	}
	return outcome
}
