package facts

import (
	"os"
	"syscall"
	"time"
)

// Local is the running machine.
func Local() *Machine {
	return &Machine{
		Uname:    uname,
		Network:  netlink,
		Card:     card,
		Statfs:   statfs,
		UID:      os.Geteuid,
		Exchange: exchange,
		Now:      time.Now,
	}
}

func uname() Uname {
	var u syscall.Utsname
	if syscall.Uname(&u) != nil {
		return Uname{}
	}
	return Uname{Name: cstring(u.Sysname), Node: cstring(u.Nodename), Release: cstring(u.Release),
		Version: cstring(u.Version), Machine: cstring(u.Machine)}
}

// cstring takes a fixed array of C characters, whose sign depends on the
// architecture.
func cstring[T int8 | uint8](field [65]T) string {
	text := make([]byte, 0, len(field))
	for _, c := range field {
		if c == 0 {
			break
		}
		text = append(text, byte(c))
	}
	return valid(string(text))
}

func statfs(path string) (Statfs, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil {
		return Statfs{}, err
	}
	block := int64(s.Frsize)
	if block == 0 {
		block = int64(s.Bsize)
	}
	return Statfs{BlockSize: block, Blocks: s.Blocks, Free: s.Bfree, Available: s.Bavail, Files: s.Files, FilesFree: s.Ffree,
		Type: int64(s.Type), NameLength: int64(s.Namelen), Preferred: int64(s.Bsize)}, nil
}
