package courier

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"

	amqp "github.com/rabbitmq/amqp091-go"

	"jetpack.internal/shared/exit"
)

// connectFault is a failure to connect.
type connectFault struct{ err error }

func (f *connectFault) Error() string { return f.err.Error() }
func (f *connectFault) Unwrap() error { return f.err }

// blockedFault tells that time ran out while the broker's alarm was on.
type blockedFault struct{ reason string }

func (f *blockedFault) Error() string { return fmt.Sprintf("blocked by its alarm: %q", f.reason) }

// late adds to an error what may be its reason.
func (f *flight) late(err error) error {
	if f.blocked != "" {
		return &blockedFault{f.blocked}
	}
	return err
}

// explain puts an error of the connection in words of its own, with the
// status that tells whether trying again can help.
func (a *AMQP) explain(ctx context.Context, err error) error {
	where := a.where()
	var connecting *connectFault
	var blocked *blockedFault
	var said *amqp.Error
	switch {
	case errors.As(err, &blocked):
		return exit.Errorf(exit.Temporary, "cannot deliver: broker %s is %w", where, blocked)
	case errors.As(err, &connecting):
		return explainConnect("broker "+where, a.uri.Vhost, "broker.ca_file", connecting.err)
	case errors.Is(err, errStalled), errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), ctx.Err() != nil:
		return exit.Errorf(exit.Temporary, "cannot deliver: no confirmation from broker %s in time", where)
	case errors.As(err, &said) && said.Server:
		return exit.Errorf(exit.Temporary, "cannot deliver: broker %s has closed the connection: %q", where, said.Reason)
	}
	return exit.Errorf(exit.Temporary, "cannot deliver: lost the connection to broker %s: %w", where, cause(err))
}

func (a *AMQP) where() string { return net.JoinHostPort(a.uri.Host, strconv.Itoa(a.uri.Port)) }

// explainConnect says why there is no connection to a server.
func explainConnect(where, vhost, authority string, err error) error {
	var said *amqp.Error
	switch {
	case untrusted(err) != "":
		return exit.Hint(exit.Errorf(exit.Usage, "cannot trust %s: %s", where, untrusted(err)),
			"%s in connection.json names the certificate of the authority to trust", authority)
	case refusesCertificate(err):
		return exit.Hint(exit.Errorf(exit.Usage, "cannot log in: %s does not accept our client certificate: %w", where, cause(err)),
			"broker.cert_file and broker.key_file name the certificate to show")
	case errors.Is(err, amqp.ErrVhost), errors.As(err, &said) && said.Code == amqp.NotAllowed:
		return exit.Errorf(exit.Usage, "cannot use virtual host %q of %s: it is not there, or not for this user", vhost, where)
	case errors.Is(err, amqp.ErrSASL):
		return exit.Errorf(exit.Usage, "cannot log in: %s offers no way to log in that we know", where)
	case errors.Is(err, amqp.ErrCredentials), errors.As(err, &said) && said.Code == amqp.AccessRefused:
		return exit.Errorf(exit.Usage, "cannot log in: %s refuses the user name or the password", where)
	case errors.As(err, &said) && !said.Server && strings.Contains(said.Reason, "timeout"):
		return exit.Errorf(exit.Temporary, "cannot reach %s: no answer in time", where)
	case errors.Is(err, amqp.ErrClosed): // what came first is lost in the library
		return exit.Errorf(exit.Temporary, "cannot connect: %s has broken off, or does not speak our protocol", where)
	case garbage(err):
		return exit.Errorf(exit.Temporary, "cannot connect: %s does not speak our protocol", where)
	}
	return exit.Errorf(exit.Temporary, "cannot reach %s: %w", where, cause(err))
}

// untrusted says what is wrong with the server's certificate, "" if nothing.
func untrusted(err error) string {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verification *tls.CertificateVerificationError
	switch {
	case errors.As(err, &unknown):
		return "its certificate is signed by an unknown authority"
	case errors.As(err, &name):
		return fmt.Sprintf("its certificate is for another name, not for %q", name.Host)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "its certificate has expired or is not valid yet: " + invalid.Detail
	case errors.As(err, &verification):
		return "its certificate is wrong: " + verification.Err.Error()
	}
	return ""
}

func refusesCertificate(err error) bool {
	var alert tls.AlertError
	if errors.As(err, &alert) {
		return true
	}
	return strings.Contains(err.Error(), "remote error: tls:")
}

// garbage tells that what came was not AMQP: the library has closed the
// connection for it.
func garbage(err error) bool {
	var record tls.RecordHeaderError
	var said *amqp.Error
	if errors.As(err, &said) && !said.Server && strings.Contains(said.Reason, "frame") {
		return true
	}
	return errors.Is(err, amqp.ErrSyntax) || errors.Is(err, amqp.ErrFrame) || errors.Is(err, amqp.ErrCommandInvalid) ||
		errors.Is(err, amqp.ErrUnexpectedFrame) || errors.As(err, &record)
}

// cause is the innermost part of a network error: the address is said already.
func cause(err error) error {
	var op *net.OpError
	var name *net.DNSError
	var system *os.SyscallError
	switch {
	case errors.As(err, &name) && name.IsTimeout:
		return fmt.Errorf("cannot resolve %q: no answer in time", name.Name)
	case errors.As(err, &name):
		return fmt.Errorf("cannot resolve %q: %s", name.Name, name.Err)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return errors.New("no answer in time")
	case errors.As(err, &system):
		return system.Err
	case errors.As(err, &op):
		return op.Err
	}
	return err
}
