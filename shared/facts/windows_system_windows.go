package facts

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// Local is the running machine.
func Local() *Machine { return &Machine{Now: time.Now} }

// windowsNames is the names that GetComputerNameEx gives.
func windowsNames(context.Context, *Machine) map[string]any {
	out := map[string]any{"domain": nil}
	for key, kind := range map[string]uint32{"hostname": windows.ComputerNameDnsHostname,
		"machinename": windows.ComputerNameNetBIOS, "fqdn": windows.ComputerNameDnsFullyQualified} {
		if name := computerName(kind); name != "" {
			out[key] = name
		}
	}
	if full, _ := out["fqdn"].(string); full != "" {
		if _, domain, ok := strings.Cut(full, "."); ok {
			out["domain"] = domain
		}
	}
	return out
}

func computerName(kind uint32) string {
	buffer := make([]uint16, 256)
	n := uint32(len(buffer))
	if windows.GetComputerNameEx(kind, &buffer[0], &n) != nil {
		return ""
	}
	return windows.UTF16ToString(buffer[:n])
}

// release is the version that the kernel tells without regard to the
// program's manifest.
func release() (version string, build uint32) {
	v := windows.RtlGetVersion()
	return fmt.Sprintf("%d.%d.%d", v.MajorVersion, v.MinorVersion, v.BuildNumber), v.BuildNumber
}

func windowsPlatform(context.Context, *Machine) map[string]any {
	version, _ := release()
	return map[string]any{"os": "windows", "os_version": version, "platform": "windows", "platform_family": "windows", "platform_version": version}
}

// windowsKernel has the names of Ohai's kernel object on Windows, from the
// registry instead of WMI.
func windowsKernel(context.Context, *Machine) map[string]any {
	const workstation = 1
	version, build := release()
	info := windows.RtlGetVersion()
	name := "Microsoft " + strings.TrimPrefix(setting(`SOFTWARE\Microsoft\Windows NT\CurrentVersion`, "ProductName"), "Microsoft ")
	product := "Server"
	if info.ProductType == workstation {
		product = "Workstation"
	}
	installation := setting(`SOFTWARE\Microsoft\Windows NT\CurrentVersion`, "InstallationType")
	return map[string]any{"kernel": map[string]any{
		"name": name, "release": version, "os": "WINNT", "product_type": product, "machine": machineName(),
		"version":     fmt.Sprintf("%s %s Build %d", version, windows.UTF16ToString(info.CsdVersion[:]), build),
		"server_core": installation == "Server Core",
	}}
}

func machineName() string {
	switch runtime.GOARCH {
	case "amd64":
		return "x86_64"
	case "386":
		return "i386"
	}
	return "ARM64-based PC"
}

// setting is a string of the local machine's registry, "" when not there.
func setting(path, name string) string {
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE)
	if err != nil {
		return ""
	}
	defer key.Close()
	value, _, _ := key.GetStringValue(name)
	return strings.TrimSpace(value)
}

// memoryStatus is MEMORYSTATUSEX.
type memoryStatus struct {
	length, load                                                            uint32
	total, free, pageTotal, pageFree, virtualTotal, virtualFree, extendFree uint64
}

func windowsMemory(context.Context, *Machine) map[string]any {
	s := memoryStatus{length: uint32(unsafe.Sizeof(memoryStatus{}))}
	call := windows.NewLazySystemDLL("kernel32.dll").NewProc("GlobalMemoryStatusEx")
	if ok, _, _ := call.Call(uintptr(unsafe.Pointer(&s))); ok == 0 {
		return nil
	}
	kilo := func(n uint64) string { return count(n/1024) + "kB" }
	return map[string]any{"memory": map[string]any{"total": kilo(s.total), "free": kilo(s.free),
		"swap": map[string]any{"total": kilo(s.pageTotal), "free": kilo(s.pageFree)}}}
}

func windowsUptime(context.Context, *Machine) map[string]any {
	seconds := int(windows.DurationSinceBoot().Seconds())
	return map[string]any{"uptime_seconds": seconds, "uptime": words(seconds)}
}
