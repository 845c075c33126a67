package check

import (
	"fmt"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Trusted gives the file that path leads to, all links resolved, if nobody but
// the system, its administrators and the user we run as could change it or
// its folder, by their access lists. Otherwise the error is an
// *UntrustedError, or that of the file system.
func Trusted(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", fmt.Errorf("not run: %w", err)
	}
	for _, at := range []string{real, filepath.Dir(real)} {
		why, err := distrust(at)
		if err != nil {
			return "", fmt.Errorf("not run: cannot read who may change %q: %w", at, err)
		}
		if why != "" {
			return "", &UntrustedError{at, why}
		}
	}
	return real, nil
}

// changing are the rights by which a file's or folder's content can be changed.
const changing = windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA | windows.DELETE | windows.WRITE_DAC |
	windows.WRITE_OWNER | windows.GENERIC_WRITE | windows.GENERIC_ALL

func distrust(path string) (why string, err error) {
	const what = windows.OWNER_SECURITY_INFORMATION | windows.DACL_SECURITY_INFORMATION
	descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, what)
	if err != nil {
		return "", err
	}
	owner, _, err := descriptor.Owner()
	if err != nil {
		return "", err
	}
	if !isTrustee(owner) {
		return "it is owned by " + owner.String(), nil
	}
	list, _, err := descriptor.DACL()
	if err != nil || list == nil {
		return "everyone may write to it", nil // no list means full access for all
	}
	for i := range uint32(list.AceCount) {
		var entry *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(list, i, &entry); err != nil {
			return "", err
		}
		if entry.Header.AceType != windows.ACCESS_ALLOWED_ACE_TYPE || entry.Mask&changing == 0 ||
			entry.Header.AceFlags&windows.INHERIT_ONLY_ACE != 0 {
			continue
		}
		if sid := (*windows.SID)(unsafe.Pointer(&entry.SidStart)); !isTrustee(sid) {
			return sid.String() + " may write to it", nil
		}
	}
	return "", nil
}

// isTrustee tells whether sid is the system, its installer, its
// administrators, the owner of whatever it is, or ourselves.
func isTrustee(sid *windows.SID) bool {
	const installer = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
	if sid.IsWellKnown(windows.WinLocalSystemSid) || sid.IsWellKnown(windows.WinBuiltinAdministratorsSid) ||
		sid.IsWellKnown(windows.WinCreatorOwnerSid) || sid.IsWellKnown(windows.WinCreatorOwnerRightsSid) || sid.String() == installer {
		return true
	}
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	return err == nil && sid.Equals(user.User.Sid)
}
