package facts

import "syscall"

// adaptive tells whether a driver knows adaptive coalescing of received and
// of sent packets. The ioctl cannot; the generic netlink family "ethtool"
// leaves out what a driver does not support (linux/ethtool_netlink.h).
func adaptive(name string) (known [2]bool) {
	const (
		getFamily, familyID, familyName = 3, 1, 2 // CTRL_*
		coalesceGet, header, device     = 19, 1, 2
		useRX, useTX, nested            = 11, 12, 0x8000
	)
	reply := generic(16, getFamily, 2, netlinkAttribute(familyName, []byte("ethtool\x00")))
	id := reply[familyID]
	if len(id) < 2 {
		return known
	}
	request := netlinkAttribute(header|nested, netlinkAttribute(device, append([]byte(name), 0)))
	answer := generic(native.Uint16(id), coalesceGet, 1, request)
	_, known[0] = answer[useRX]
	_, known[1] = answer[useTX]
	return known
}

// generic sends one generic netlink request and gives the attributes of its
// answer, nil when it is refused or does not come within a second.
func generic(family uint16, command, version byte, attributes []byte) map[uint16][]byte {
	const netlinkGeneric, genlHeader = 16, 4
	fd, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, netlinkGeneric)
	if err != nil {
		return nil
	}
	defer syscall.Close(fd)
	message := make([]byte, syscall.NLMSG_HDRLEN, 256)
	message = append(append(message, command, version, 0, 0), attributes...)
	native.PutUint32(message, uint32(len(message)))
	native.PutUint16(message[4:], family)
	native.PutUint16(message[6:], syscall.NLM_F_REQUEST)
	wait := syscall.NsecToTimeval(1e9)
	if syscall.SetsockoptTimeval(fd, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &wait) != nil ||
		syscall.Sendto(fd, message, 0, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK}) != nil {
		return nil
	}
	buffer := make([]byte, 16<<10)
	n, _, err := syscall.Recvfrom(fd, buffer, 0)
	if err != nil {
		return nil
	}
	replies, err := syscall.ParseNetlinkMessage(buffer[:n])
	if err != nil || len(replies) == 0 || replies[0].Header.Type != family || len(replies[0].Data) < genlHeader {
		return nil
	}
	return netlinkAttributes(replies[0].Data[genlHeader:])
}

func netlinkAttribute(kind uint16, payload []byte) []byte {
	b := make([]byte, 4, 8+len(payload))
	native.PutUint16(b, uint16(4+len(payload)))
	native.PutUint16(b[2:], kind)
	b = append(b, payload...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}
