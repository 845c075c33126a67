package fetch

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
)

// digest grows with the content.
type digest struct {
	md5, sha hash.Hash // nil where there is nothing to compare with
	all      io.Writer
}

func (s Source) digest() digest {
	var d digest
	var writers []io.Writer
	if s.Blob.MD5 != nil {
		d.md5 = md5.New()
		writers = append(writers, d.md5)
	}
	if s.SHA256 != nil {
		d.sha = sha256.New()
		writers = append(writers, d.sha)
	}
	d.all = io.MultiWriter(writers...)
	return d
}

func (d digest) verify(s Source) error {
	if d.md5 != nil && !bytes.Equal(d.md5.Sum(nil), s.Blob.MD5) {
		return fmt.Errorf("%w (MD5)", ErrDigest)
	}
	if d.sha != nil && !bytes.Equal(d.sha.Sum(nil), s.SHA256) {
		return fmt.Errorf("%w (SHA-256)", ErrDigest)
	}
	return nil
}
