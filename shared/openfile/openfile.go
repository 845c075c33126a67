// Package openfile opens files that other programs replace meanwhile.
package openfile

import "io"

// Read is os.ReadFile by Open: the whole of one content of the file.
func Read(path string) ([]byte, error) {
	file, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}
