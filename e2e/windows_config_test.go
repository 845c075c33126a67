//go:build unix && windows_e2e

package e2e

import (
	"encoding/json"
	"net"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

func windowsStoredKeys(t *testing.T, n windowsNode) {
	for key, want := range map[string]string{"cyclecloud.node.name": "execute-7", "list": "[1, 'two']"} {
		if got := n.ok(t, "jetpack-config", key); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
	if got := n.ok(t, "jetpack-config", "no.such.key", "default"); got != "default" {
		t.Errorf("default: %q", got)
	}
	if version := n.ok(t, "jetpack-config", "--version"); !regexp.MustCompile(`^\d[\w.-]+$`).MatchString(version) {
		t.Errorf("--version: %q", version)
	}
	n.fails(t, 2, "jetpack-config: ", "jetpack-config", "--no-such-option")
	n.Write(t, "else where/config/configuration.json", "\ufeff{\r\n  \"a\": {\r\n \"b\": \"with BOM\"}\r\n}\r\n")
	r := n.Run(t, []string{`JETPACK_HOME=C:\else where`}, `C:\cycle\jetpack\bin\jetpack-config.exe`, "a.b")
	if r.Status != 0 || strings.TrimSpace(r.Stdout) != "with BOM" {
		t.Errorf("a configuration with BOM and CRLF: %+v", r)
	}
}

func windowsFacts(t *testing.T, n windowsNode) {
	var facts struct {
		Hostname, FQDN, IPAddress, Platform, OS string
		PlatformVersion                         string `json:"platform_version"`
		PlatformFamily                          string `json:"platform_family"`
		Kernel                                  struct{ Name, Release, Machine string }
		Memory                                  struct{ Total string }
		CPU                                     struct{ Total int }
		Network                                 struct{ Interfaces map[string]map[string]any }
	}
	text := n.ok(t, "jetpack-config", "--json")
	if err := json.Unmarshal([]byte(text), &facts); err != nil {
		t.Fatal(err)
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	short, _, _ := strings.Cut(host, ".")
	if !strings.EqualFold(facts.Hostname, short) || !strings.HasPrefix(strings.ToLower(facts.FQDN), strings.ToLower(short)) {
		t.Errorf("hostname %q, fqdn %q on %q", facts.Hostname, facts.FQDN, host)
	}
	if facts.Platform != "windows" || facts.PlatformFamily != "windows" || facts.OS != "windows" ||
		!regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(facts.PlatformVersion) {
		t.Errorf("platform: %+v", facts)
	}
	if facts.Kernel.Machine != "x86_64" || facts.Kernel.Release != facts.PlatformVersion || !strings.HasPrefix(facts.Kernel.Name, "Microsoft ") {
		t.Errorf("kernel: %+v", facts.Kernel)
	}
	if facts.CPU.Total != runtime.NumCPU() {
		t.Errorf("cpu.total %d, want %d", facts.CPU.Total, runtime.NumCPU())
	}
	windowsMemoryIsTheHosts(t, facts.Memory.Total)
	windowsAddressIsTheHosts(t, facts.IPAddress)
	if len(facts.Network.Interfaces) == 0 {
		t.Error("no network.interfaces")
	}
	for key, want := range map[string]string{"hostname": facts.Hostname, "memory.total": facts.Memory.Total,
		"cpu.total": strconv.Itoa(facts.CPU.Total), "ipaddress": facts.IPAddress} {
		if got := n.ok(t, "jetpack-config", key); got != want {
			t.Errorf("%s: %q alone, %q in the tree", key, got, want)
		}
	}
}

func windowsMemoryIsTheHosts(t *testing.T, total string) {
	t.Helper()
	meminfo, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		t.Fatal(err)
	}
	want, _ := strconv.Atoi(regexp.MustCompile(`MemTotal:\s+(\d+)`).FindStringSubmatch(string(meminfo))[1])
	got, err := strconv.Atoi(strings.TrimSuffix(total, "kB"))
	if err != nil || got < want*9/10 || got > want*11/10 {
		t.Errorf("memory.total %q, want about %dkB", total, want)
	}
}

func windowsAddressIsTheHosts(t *testing.T, address string) {
	t.Helper()
	own, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	others := 0
	for _, a := range own {
		ip := a.(*net.IPNet).IP
		if ip.String() == address {
			return
		}
		if ip.To4() != nil && !ip.IsLoopback() && !ip.IsLinkLocalUnicast() {
			others++
		}
	}
	if others > 0 || address != "" {
		t.Errorf("ipaddress %q is none of %v", address, own)
	}
}
