// Package notify tells systemd how the service is: sd_notify(3).
package notify

import "net"

// To gives the function that sends a state such as "READY=1" to the socket
// of $NOTIFY_SOCKET: a path, or an abstract name behind an "@". Without a
// socket it does nothing; a state that cannot be sent is for systemd to miss.
func To(socket string) func(state string) {
	if socket == "" {
		return func(string) {}
	}
	return func(state string) {
		connection, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: socket, Net: "unixgram"})
		if err != nil {
			return
		}
		defer connection.Close()
		_, _ = connection.Write([]byte(state))
	}
}
