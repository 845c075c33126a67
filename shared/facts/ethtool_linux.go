package facts

import (
	"strings"
	"syscall"
	"unsafe"
)

// card asks the driver of an interface (linux/ethtool.h, SIOCETHTOOL).
func card(name string) (c Card) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil || len(name) >= syscall.IFNAMSIZ {
		return c
	}
	defer syscall.Close(fd)
	e := ethtool{fd, name}
	c.Settings = e.settings()
	c.Ring = e.numbers(0x10, 8)
	c.Channels = e.numbers(0x3c, 8)
	if c.Coalesce = e.numbers(0x0e, 22); c.Coalesce != nil {
		c.Adaptive = adaptive(name)
	}
	c.Pause = e.numbers(0x12, 3)
	c.Driver = e.driver()
	return c
}

type ethtool struct {
	fd   int
	name string
}

// ask runs one command on a buffer that begins with its number.
func (e ethtool) ask(buffer []byte, command uint32) bool {
	const siocEthtool = 0x8946
	var request struct {
		name [syscall.IFNAMSIZ]byte
		data unsafe.Pointer
		_    [16]byte
	}
	copy(request.name[:], e.name)
	native.PutUint32(buffer, command)
	request.data = unsafe.Pointer(&buffer[0])
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(e.fd), siocEthtool, uintptr(unsafe.Pointer(&request)))
	return errno == 0
}

func (e ethtool) numbers(command uint32, n int) []uint32 {
	buffer := make([]byte, 4*(n+2))
	if !e.ask(buffer, command) {
		return nil
	}
	out := make([]uint32, n)
	for i := range out {
		out[i] = native.Uint32(buffer[4*(i+1):])
	}
	return out
}

// settings is ETHTOOL_GLINKSETTINGS: the kernel first tells how many words
// its masks have, then answers to who knows that.
func (e ethtool) settings() *Settings {
	const command, words, most = 0x4c, 15, 127
	b := make([]byte, 48+4*3*most)
	if !e.ask(b, command) {
		return nil
	}
	if n := int8(b[words]); n < 0 {
		clear(b)
		b[words] = byte(-n)
		if !e.ask(b, command) {
			return nil
		}
	}
	return &Settings{Speed: native.Uint32(b[4:]), Duplex: b[8], Port: b[9], Autoneg: b[11], MDIX: b[13], MDIXCtl: b[14], Transceiver: b[16]}
}

// driver is ETHTOOL_GDRVINFO.
func (e ethtool) driver() *Driver {
	b := make([]byte, 196)
	if !e.ask(b, 0x03) {
		return nil
	}
	field := func(at int) string {
		text, _, _ := strings.Cut(string(b[at:at+32]), "\x00")
		return valid(text)
	}
	has := func(at int) bool { return native.Uint32(b[at:]) != 0 }
	return &Driver{Driver: field(4), Version: field(36), Firmware: field(68), Bus: field(100), ROM: field(132),
		PrivateFlags: has(176), Statistics: has(180), Test: has(184), EEPROM: has(188), RegisterDump: has(192)}
}
