package courier

import (
	"net/url"
	"slices"

	"jetpack.internal/shared/exit"
)

func hasPassword(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true // what cannot be parsed may hold anything
	}
	_, has := u.User.Password()
	return has
}

func hasUser(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.User != nil
}

// checkScheme refuses an address of another scheme than those allowed, the
// usual one first. The address itself never goes into an error: it may hold a
// password.
func checkScheme(field, address string, allowed ...string) error {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return badAddress(field, allowed[0])
	}
	if !slices.Contains(allowed, u.Scheme) {
		return exit.Errorf(exit.Usage, "cannot use connection: %s must start with %s://, not %q", field, allowed[0], u.Scheme)
	}
	return nil
}

func badAddress(field, scheme string) error {
	return exit.Hint(exit.Errorf(exit.Usage, "cannot use connection: %s is not an address", field),
		"write it as %s://USER:PASSWORD@HOST, with %%40 for an @ in the password", scheme)
}

// WithPassword is the connection with a password for those users that it
// names without one. An empty password changes nothing.
func (c Connection) WithPassword(password string) Connection {
	if password == "" {
		return c
	}
	if c.Username != "" && c.Password == "" {
		c.Password = password
	}
	c.URL, c.Broker.URL = withPassword(c.URL, password), withPassword(c.Broker.URL, password)
	return c
}

func withPassword(address, password string) string {
	u, err := url.Parse(address)
	if err != nil || u.User == nil || hasPassword(address) {
		return address
	}
	u.User = url.UserPassword(u.User.Username(), password)
	return u.String()
}
