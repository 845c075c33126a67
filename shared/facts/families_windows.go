package facts

// families says which top-level keys each file provides on Windows: the part
// of Ohai's tree that makes sense there and needs no WMI.
var families = [...]family{
	{keys: []string{"hostname", "machinename", "fqdn", "domain"}, compute: windowsNames},
	{keys: []string{"os", "os_version", "platform", "platform_family", "platform_version"}, compute: windowsPlatform},
	{keys: []string{"kernel"}, compute: windowsKernel},
	{keys: []string{"memory"}, compute: windowsMemory},
	{keys: []string{"cpu"}, compute: windowsCPU},
	{keys: []string{"network", "ipaddress", "ip6address", "macaddress"}, compute: windowsNetwork},
	{keys: []string{"uptime", "uptime_seconds"}, compute: windowsUptime},
	{keys: []string{"ohai_time", "time"}, compute: clock},
	{keys: []string{"chef_packages"}, compute: chefPackages},
}
