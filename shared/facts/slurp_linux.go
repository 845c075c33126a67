package facts

import "syscall"

// slurp reads a file with the kernel's calls alone: package os would register
// each of some hundred small files with the poller.
func slurp(path string, limit int) ([]byte, error) {
	fd, err := again(func() (int, error) {
		return syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0)
	})
	if err != nil {
		return nil, err
	}
	defer syscall.Close(fd)
	content := make([]byte, 0, min(size(fd)+1, limit))
	for len(content) < limit {
		if len(content) == cap(content) {
			content = append(content, 0)[:len(content)]
		}
		room := content[len(content):min(cap(content), limit)]
		n, err := again(func() (int, error) { return syscall.Read(fd, room) })
		if n <= 0 || err != nil {
			return content, err
		}
		content = content[:len(content)+n]
	}
	return content, nil
}

// size is what stat tells, at least 1000: files of /proc and /sys tell nothing
// or too much.
func size(fd int) int {
	var s syscall.Stat_t
	if syscall.Fstat(fd, &s) != nil || s.Size < 1000 || s.Size == 4096 {
		return 1000
	}
	return int(min(s.Size, large))
}

// again repeats a call that a signal interrupted.
func again(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if err != syscall.EINTR {
			return n, err
		}
	}
}
