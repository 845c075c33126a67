package facts

import (
	"context"
	"strings"
)

// scsi is the SCSI and NVMe devices as lsscsi(8) prints them. Ohai takes the
// first word behind the type (the vendor) for the transport, and the rest of
// the words but two for the name.
func scsi(_ context.Context, m *Machine) map[string]any {
	out := map[string]any{}
	const folder = "/sys/bus/scsi/devices/"
	for _, address := range m.list(folder) {
		if strings.Count(address, ":") == 3 {
			scsiDevice(out, address, scsiLine(m, folder+address))
		}
	}
	for _, controller := range m.list("/sys/class/nvme") {
		nvme(m, controller, out)
	}
	return map[string]any{"scsi": out}
}

func scsiDevice(out map[string]any, address, line string) {
	f := strings.Fields(line)
	if len(f) < 4 {
		return
	}
	out[address] = map[string]any{"scsi_addr": address, "type": f[0], "transport": f[1],
		"device": f[len(f)-1], "revision": f[len(f)-2], "name": strings.Join(f[2:max(2, len(f)-2)], " ")}
}

func scsiLine(m *Machine, folder string) string {
	kind, _ := m.value(folder + "/type")
	vendor, _ := m.value(folder + "/vendor")
	model, _ := m.value(folder + "/model")
	revision, _ := m.value(folder + "/rev")
	node := "-"
	for _, class := range [...]string{"block", "scsi_tape"} {
		for _, name := range m.list(folder + "/" + class) {
			if !strings.HasPrefix(name, "nst") {
				node = "/dev/" + name
			}
		}
	}
	return scsiType(kind) + " " + vendor + " " + model + " " + revision + " " + node
}

func scsiType(kind string) string {
	names := [...]string{"disk", "tape", "printer", "process", "worm", "cd/dvd", "scanner", "optical", "mediumx", "comms",
		"graphic", "graphic", "storage", "enclosu", "sim dsk", "opti rd", "bridge", "osd", "adi", "sec man", "zbc"}
	if n := number(kind); digits(kind) && n < len(names) {
		return names[n]
	}
	return "-"
}

// nvme adds a controller's namespaces.
func nvme(m *Machine, controller string, out map[string]any) {
	folder := "/sys/class/nvme/" + controller
	id, _ := m.value(folder + "/cntlid")
	model, _ := m.value(folder + "/model")
	for _, name := range m.list(folder) {
		namespace, _ := m.value(folder + "/" + name + "/nsid")
		if namespace == "" {
			_, namespace, _ = strings.Cut(strings.TrimPrefix(name, controller), "n")
		}
		if strings.HasPrefix(name, controller+"n") && digits(namespace) {
			address := "N:" + strings.TrimPrefix(controller, "nvme") + ":" + id + ":" + namespace
			scsiDevice(out, address, "disk "+model+"__"+namespace+" /dev/"+name)
		}
	}
}
