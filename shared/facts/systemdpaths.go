package facts

import (
	"context"
	"strings"
)

// systemdPaths is systemd-path(1) with its built-in places: of a search path
// the first folder only, which is what Ohai keeps.
func systemdPaths(_ context.Context, m *Machine) map[string]any {
	if m.program("systemd-path") == "" {
		return nil
	}
	home := "/root"
	if me, ok := self(m); ok {
		home = me.home
	}
	lib, arch := "/usr/lib", "/usr/lib64"
	if multi := "/usr/lib/" + m.uname().Machine + "-linux-gnu"; m.exists(multi) {
		arch = multi
	}
	version := systemdVersion(m)
	if _, family, _ := identify(m); family == "debian" && version < 255 && m.exists("/lib/systemd/systemd") { // before the merge of /lib into /usr/lib
		lib = "/lib"
	}
	out := map[string]any{}
	replace := strings.NewReplacer("$HOME", home, "$LIB", lib, "$ARCHUSER", home+"/.local/"+strings.TrimPrefix(arch, "/usr/"), "$ARCH", arch)
	for _, t := range systemdTables {
		if version < t.since {
			break
		}
		for _, line := range lines(t.names) {
			name, path, _ := strings.Cut(line, " ")
			out[name] = replace.Replace(path)
		}
	}
	userFolders(m, home, out)
	return map[string]any{"systemd_paths": out}
}

// systemdVersion is in the name of the library that all of systemd's programs
// share: libsystemd-shared-255.so, libsystemd-shared-252-46.el9.so. It is that
// of Debian 12 where the name does not tell.
func systemdVersion(m *Machine) int {
	for _, folder := range [...]string{"/usr/lib/" + m.uname().Machine + "-linux-gnu/systemd", "/usr/lib/systemd", "/lib/systemd"} {
		for _, name := range m.list(folder) {
			if version, ok := strings.CutPrefix(name, "libsystemd-shared-"); ok && number(version) > 0 {
				return number(version)
			}
		}
	}
	return 252
}

// userFolders is user-dirs.dirs of XDG, in the user's configuration.
func userFolders(m *Machine, home string, out map[string]any) {
	text, _ := m.read(home+"/.config/user-dirs.dirs", small)
	set := assignments(text)
	for name, key := range map[string]string{"documents": "DOCUMENTS", "music": "MUSIC", "pictures": "PICTURES", "videos": "VIDEOS",
		"download": "DOWNLOAD", "public": "PUBLICSHARE", "templates": "TEMPLATES", "desktop": "DESKTOP",
		"projects": "PROJECTS"} {
		if path := set["XDG_"+key+"_DIR"]; path != "" {
			out["user-"+name] = strings.Replace(path, "$HOME", home, 1)
		}
	}
}

// systemdTables is the names that systemd-path knows, with the version of
// systemd that brought them.
var systemdTables = [...]struct {
	since int
	names string
}{{0, `temporary /tmp
temporary-large /var/tmp
system-binaries /usr/bin
system-include /usr/include
system-library-private /usr/lib
system-library-arch $ARCH
system-shared /usr/share
system-configuration-factory /usr/share/factory/etc
system-state-factory /usr/share/factory/var
system-configuration /etc
system-runtime /run
system-runtime-logs /run/log
system-state-private /var/lib
system-state-logs /var/log
system-state-cache /var/cache
system-state-spool /var/spool
user-binaries $HOME/.local/bin
user-library-private $HOME/.local/lib
user-library-arch $ARCHUSER
user-shared $HOME/.local/share
user-configuration $HOME/.config
user-state-cache $HOME/.cache
user $HOME
user-documents $HOME
user-music $HOME
user-pictures $HOME
user-videos $HOME
user-download $HOME
user-public $HOME
user-templates $HOME
user-desktop $HOME/Desktop
search-binaries /usr/local/sbin
search-binaries-default /usr/local/sbin
search-library-private $HOME/.local/lib
search-library-arch $ARCHUSER
search-shared $HOME/.local/share
search-configuration-factory /usr/local/share/factory/etc
search-state-factory /usr/local/share/factory/var
search-configuration $HOME/.config`}, {246, `systemd-util $LIB/systemd
systemd-system-unit $LIB/systemd/system
systemd-system-preset $LIB/systemd/system-preset
systemd-system-conf /etc/systemd/system
systemd-user-unit /usr/lib/systemd/user
systemd-user-preset $LIB/systemd/user-preset
systemd-user-conf /etc/systemd/user
systemd-search-system-unit /etc/systemd/system.control
systemd-search-user-unit $HOME/.config/systemd/user.control
systemd-system-generator $LIB/systemd/system-generators
systemd-user-generator /usr/lib/systemd/user-generators
systemd-search-system-generator /run/systemd/system-generators
systemd-search-user-generator /run/systemd/user-generators
systemd-sleep $LIB/systemd/system-sleep
systemd-shutdown $LIB/systemd/system-shutdown
tmpfiles /usr/lib/tmpfiles.d
sysusers /usr/lib/sysusers.d
sysctl /usr/lib/sysctl.d
binfmt /usr/lib/binfmt.d
modules-load /usr/lib/modules-load.d
catalog /usr/lib/systemd/catalog
systemd-search-network /etc/systemd/network`}, {254, `user-state-private $HOME/.local/state
systemd-system-environment-generator $LIB/systemd/system-environment-generators
systemd-user-environment-generator $LIB/systemd/user-environment-generators
systemd-search-system-environment-generator /run/systemd/system-environment-generators
systemd-search-user-environment-generator /run/systemd/user-environment-generators`}, {258, `system-credential-store /etc/credstore
system-credential-store-encrypted /etc/credstore.encrypted
system-search-configuration /etc/
system-search-credential-store /etc/credstore
system-search-credential-store-encrypted /etc/credstore.encrypted
systemd-initrd-preset $LIB/systemd/initrd-preset
user-credential-store $HOME/.config/credstore
user-credential-store-encrypted $HOME/.config/credstore.encrypted
user-search-credential-store $HOME/.config/credstore
user-search-credential-store-encrypted $HOME/.config/credstore.encrypted`}, {262, `user-projects $HOME`}}
