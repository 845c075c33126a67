package main

import (
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// device is a block device with the devices above it, in the shape that `udevadm info
// --attribute-walk` shows.
type device struct {
	devtype string
	chain   []node // the device itself first
}

type node struct {
	kernel, subsystem string
	attributes        map[string]string
}

var (
	condition = regexp.MustCompile(`([A-Z]+)(?:\{([^}]*)\})?(==|!=|\+=|=)"([^"]*)"`)
	digits    = regexp.MustCompile(`[0-9]*$`)
)

const dataController = "{f8b3781b-1e82-4818-a1c3-63d806ec15bb}"

func scsi(kernel, devtype, address, controller string) device {
	return device{devtype, []node{
		{kernel: kernel, subsystem: "block"},
		{kernel: address, subsystem: "scsi", attributes: map[string]string{"vendor": "Msft", "model": "Virtual Disk"}},
		{kernel: "host0", subsystem: "scsi"},
		{kernel: controller[1 : len(controller)-1], subsystem: "vmbus", attributes: map[string]string{"device_id": controller}},
	}}
}

func nvme(kernel, devtype, nsid, model string) device {
	return device{devtype, []node{
		{kernel: kernel, subsystem: "block", attributes: map[string]string{"nsid": nsid}},
		{kernel: "nvme0", subsystem: "nvme", attributes: map[string]string{"model": model}},
	}}
}

func TestDiskRules(t *testing.T) {
	rules, err := os.ReadFile("node/66-jetpack-azure-disks.rules")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what  string
		d     device
		links []string
	}{
		{"first data disk", scsi("sdc", "disk", "0:0:0:0", dataController), []string{"disk/azure/data/by-lun/0", "disk/azure/scsi1/lun0"}},
		{"last data disk", scsi("sdab", "disk", "1:0:0:63", dataController), []string{"disk/azure/data/by-lun/63", "disk/azure/scsi1/lun63"}},
		{"its partition", scsi("sdab2", "partition", "1:0:0:63", dataController), []string{"disk/azure/data/by-lun/63-part2", "disk/azure/scsi1/lun63-part2"}},
		{"system disk", scsi("sda", "disk", "0:0:0:0", "{f8b3781a-1e82-4818-a1c3-63d806ec15bb}"), nil},
		{"NVMe data disk", nvme("nvme0n2", "disk", "2", "MSFT NVMe Accelerator v1.0"), []string{"disk/azure/data/by-lun/0", "disk/azure/scsi1/lun0"}},
		{"NVMe system disk", nvme("nvme0n1", "disk", "1", "MSFT NVMe Accelerator v1.0"), nil},
		{"NVMe local disk", nvme("nvme1n2", "disk", "2", "Microsoft NVMe Direct Disk"), nil},
		{"elsewhere", nvme("nvme0n2", "disk", "2", "Samsung SSD 980"), nil},
	} {
		if got := links(t, string(rules), c.d); !slices.Equal(got, c.links) {
			t.Errorf("%s: links %q, want %q", c.what, got, c.links)
		}
	}
}

// links are those that the rules give a device, by the part of udev's language
// that they use.
func links(t *testing.T, rules string, d device) []string {
	t.Helper()
	env := map[string]string{"DEVTYPE": d.devtype}
	var found []string
	jump := ""
	for line := range strings.Lines(rules) {
		keys := condition.FindAllStringSubmatch(line, -1)
		if strings.HasPrefix(line, "#") || len(keys) == 0 {
			continue
		}
		if keys[0][1] == "LABEL" {
			if keys[0][4] == jump {
				jump = ""
			}
			continue
		}
		if jump != "" || !d.matches(t, keys, env) {
			continue
		}
		for _, k := range keys {
			value := strings.NewReplacer("$env{.JETPACK_LUN}", env[".JETPACK_LUN"], "%n", digits.FindString(d.chain[0].kernel)).Replace(k[4])
			switch {
			case k[1] == "GOTO":
				jump = value
			case k[1] == "ENV" && k[3] == "=":
				env[k[2]] = value
			case k[1] == "SYMLINK":
				found = append(found, strings.Fields(value)...)
			}
		}
	}
	if jump != "" {
		t.Errorf("no label %q", jump)
	}
	return found
}

// matches tells whether all conditions of a rule hold; those on devices above
// must hold for one and the same of them.
func (d device) matches(t *testing.T, keys [][]string, env map[string]string) bool {
	return slices.ContainsFunc(d.chain, func(n node) bool {
		for _, k := range keys {
			var value string
			switch k[1] {
			case "SUBSYSTEM":
				value = d.chain[0].subsystem
			case "ACTION":
				value = "add"
			case "SUBSYSTEMS":
				value = n.subsystem
			case "KERNELS":
				value = n.kernel
			case "ATTRS":
				value = n.attributes[k[2]]
			case "ENV":
				value = env[k[2]]
			case "GOTO", "SYMLINK":
				continue
			default:
				t.Fatalf("%s is not understood", k[1])
			}
			if k[3] != "==" && k[3] != "!=" {
				continue
			}
			if matched, err := path.Match(k[4], value); err != nil || matched != (k[3] == "==") {
				return false
			}
		}
		return true
	})
}
