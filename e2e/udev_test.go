//go:build linux

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jetpack.internal/e2e/booted"
)

// sysfs is a recorded tree: files by path, links with an arrow before where
// they lead from the tree's root.
type sysfs map[string]string

const vmbus = "devices/LNXSYSTM:00/VMBUS:00/"

func scsiDisk(controller, lun string) (tree sysfs, disk string) {
	bus := vmbus + controller[1:9]
	device := bus + "/host1/target1:0:0/1:0:0:" + lun
	disk = device + "/block/sdab"
	return sysfs{
		bus + "/uevent": "MODALIAS=vmbus:x\n", bus + "/device_id": controller + "\n", bus + "/subsystem": ">bus/vmbus",
		bus + "/host1/uevent": "DEVTYPE=scsi_host\n", bus + "/host1/subsystem": ">bus/scsi",
		device + "/uevent": "DEVTYPE=scsi_device\n", device + "/subsystem": ">bus/scsi", device + "/vendor": "Msft    \n",
		disk + "/uevent": "MAJOR=65\nMINOR=176\nDEVNAME=sdab\nDEVTYPE=disk\n", disk + "/dev": "65:176\n", disk + "/subsystem": ">class/block",
		disk + "/sdab2/uevent": "MAJOR=65\nMINOR=178\nDEVNAME=sdab2\nDEVTYPE=partition\nPARTN=2\n", disk + "/sdab2/dev": "65:178\n", disk + "/sdab2/subsystem": ">class/block",
	}, disk
}

func nvmeDisk(model, namespace string) (tree sysfs, disk string) {
	controller := "devices/pci0000:00/0000:00:02.0/nvme/nvme0"
	disk = controller + "/nvme0n" + namespace
	return sysfs{
		controller + "/uevent": "MAJOR=240\nMINOR=0\nDEVNAME=nvme0\n", controller + "/subsystem": ">class/nvme", controller + "/model": model + "\n",
		disk + "/uevent": "MAJOR=259\nMINOR=7\nDEVNAME=nvme0n" + namespace + "\nDEVTYPE=disk\n", disk + "/dev": "259:7\n",
		disk + "/nsid": namespace + "\n", disk + "/subsystem": ">class/block",
	}, disk
}

// TestDiskNames has the udev of a real system apply the rules to disks as
// sysfs shows them on Azure, and looks what they cost it.
func TestDiskNames(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Log("another /sys takes root: nothing tested")
		return
	}
	t.Parallel()
	const data, system = "{f8b3781b-1e82-4818-a1c3-63d806ec15bb}", "{f8b3781a-1e82-4818-a1c3-63d806ec15bb}"
	names := func(of func(string, string) (sysfs, string), a, b, part string) []string {
		tree, disk := of(a, b)
		links, _ := udev(t, tree, disk+part, true)
		return links
	}
	for _, c := range []struct {
		what      string
		got, want []string
	}{
		{"first data disk", names(scsiDisk, data, "0", ""), []string{"data/by-lun/0", "scsi1/lun0"}},
		{"last data disk", names(scsiDisk, data, "63", ""), []string{"data/by-lun/63", "scsi1/lun63"}},
		{"its partition", names(scsiDisk, data, "63", "/sdab2"), []string{"data/by-lun/63-part2", "scsi1/lun63-part2"}},
		{"system disk", names(scsiDisk, system, "0", ""), nil},
		{"NVMe data disk", names(nvmeDisk, "MSFT NVMe Accelerator v1.0", "2", ""), []string{"data/by-lun/0", "scsi1/lun0"}},
		{"NVMe system disk", names(nvmeDisk, "MSFT NVMe Accelerator v1.0", "1", ""), nil},
		{"NVMe local disk", names(nvmeDisk, "Microsoft NVMe Direct Disk", "2", ""), nil},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
	tree, disk := scsiDisk(data, "63")
	with, without := time.Hour, time.Hour
	for range 7 {
		_, cost := udev(t, tree, disk, true)
		with = min(with, cost)
		_, cost = udev(t, tree, disk, false)
		without = min(without, cost)
	}
	t.Logf("udev reads its rules and applies them to a disk in %s of processor time, without ours in %s", with, without)
	if with-without > 10*time.Millisecond {
		t.Errorf("the rules cost %s", with-without)
	}
}

// udev applies a system's rules, and ours, to a device, and gives the links
// below /dev/disk/azure and the processor time that it took.
func udev(t *testing.T, tree sysfs, device string, ours bool) (links []string, cost time.Duration) {
	t.Helper()
	image, err := booted.Image()
	if err != nil {
		t.Fatal(err)
	}
	sys := t.TempDir()
	for name, text := range tree {
		path := filepath.Join(sys, name)
		target, link := strings.CutPrefix(text, ">")
		err := os.MkdirAll(filepath.Dir(path), 0o755)
		if err == nil && link {
			if err = os.MkdirAll(filepath.Join(sys, target), 0o755); err == nil {
				target, _ = filepath.Rel(filepath.Dir(path), filepath.Join(sys, target)) // both are absolute
				err = os.Symlink(target, path)
			}
		} else if err == nil {
			err = os.WriteFile(path, []byte(text), 0o444)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	// The mounts are this process's own, and go with it; the image is not
	// written to.
	script := `set -e
mount --bind "$2" "$1/sys"; mount -t proc none "$1/proc"; mount -t tmpfs none "$1/run"; mount -t tmpfs none "$1/dev"
mkdir -p "$1/run/udev/rules.d"
[ -z "$4" ] || cp "$4" "$1/run/udev/rules.d"
SYSTEMD_DEVICE_VERIFY_SYSFS=0 exec chroot "$1" udevadm test --action=add "/sys/$3" 2>/dev/null`
	rules := ""
	if ours {
		rules = "../packaging/node/66-jetpack-azure-disks.rules"
	}
	c := exec.Command("unshare", "--mount", "sh", "-c", script, "sh", image, sys, device, rules)
	out, err := c.Output()
	if err != nil || !strings.Contains(string(out), "DEVPATH=/"+device+"\n") {
		t.Fatalf("udev: %v: %s", err, out)
	}
	_, all, _ := strings.Cut(string(out), "DEVLINKS=")
	all, _, _ = strings.Cut(all, "\n")
	for _, link := range strings.Fields(all) {
		if name, azure := strings.CutPrefix(link, "/dev/disk/azure/"); azure {
			links = append(links, name)
		}
	}
	slices.Sort(links)
	return links, c.ProcessState.UserTime() + c.ProcessState.SystemTime()
}
