package courier

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"os"
	"runtime"

	"jetpack.internal/shared/exit"
)

// tlsFiles are whom we trust and who we are.
type tlsFiles struct {
	roots        *x509.CertPool // nil: the system's
	certificates []tls.Certificate
}

func (f *tlsFiles) hasCertificate() bool { return len(f.certificates) > 0 }

func (f *tlsFiles) config(host string) *tls.Config {
	return &tls.Config{RootCAs: f.roots, Certificates: f.certificates, ServerName: host, MinVersion: tls.VersionTLS12}
}

// TLS is how the server at the connection's URL is known: by the authority that
// the connection names, else by those of the system. A relative path starts at
// the folder config.
func (c Connection) TLS(config string) (*tls.Config, error) {
	files, err := readTLS(Broker{CAFile: Options{Config: config}.path(c.CAFile)})
	if err != nil {
		return nil, err
	}
	return files.config(""), nil // net/http knows the host's name
}

func readTLS(b Broker) (*tlsFiles, error) {
	files := &tlsFiles{}
	if b.CAFile != "" {
		text, err := os.ReadFile(b.CAFile)
		if err != nil {
			return nil, exit.Errorf(exit.Usage, "cannot read ca_file: %w", err)
		}
		files.roots = x509.NewCertPool()
		if !files.roots.AppendCertsFromPEM(text) {
			return nil, exit.Errorf(exit.Usage, "cannot use ca_file: %s holds no certificate in PEM form", b.CAFile)
		}
	}
	if b.CertFile == "" && b.KeyFile == "" {
		return files, nil
	}
	if err := private(b.KeyFile); err != nil {
		return nil, err
	}
	pair, err := tls.LoadX509KeyPair(b.CertFile, b.KeyFile)
	if err != nil {
		var path *fs.PathError
		if errors.As(err, &path) {
			return nil, exit.Errorf(exit.Usage, "cannot read client certificate: %w", err)
		}
		return nil, exit.Errorf(exit.Usage, "cannot use client certificate %s with key %s: %w", b.CertFile, b.KeyFile, err)
	}
	files.certificates = []tls.Certificate{pair}
	return files, nil
}

// private refuses a key that everybody may read.
func private(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return exit.Errorf(exit.Usage, "cannot read key_file: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o007 != 0 {
		return exit.Hint(exit.Errorf(exit.Usage, "cannot use key_file: everybody may read %s", path), "chmod 640 %s", path)
	}
	return nil
}
