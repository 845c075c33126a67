package azure

import (
	"io"
	"os"
	"path/filepath"
	"strings"
)

// assetTag is the chassis asset tag of the firmware (SMBIOS type 3).
func assetTag(root string) string {
	f, err := os.Open(filepath.Join("/", root, "sys/class/dmi/id/chassis_asset_tag"))
	if err != nil {
		return ""
	}
	defer f.Close()
	text, _ := io.ReadAll(io.LimitReader(f, 256))
	return strings.TrimSpace(string(text))
}
