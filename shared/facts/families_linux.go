package facts

// families says which top-level keys each file provides.
func families() []family {
	return []family{
		{keys: []string{"hostname", "machinename", "fqdn", "domain"}, compute: hostname},
		{keys: []string{"os", "os_version"}, compute: system},
		{keys: []string{"platform", "platform_family", "platform_version"}, compute: platform},
		{keys: []string{"os_release"}, compute: osRelease},
		{keys: []string{"lsb"}, compute: lsb},
		{keys: []string{"kernel"}, compute: kernel},
		{keys: []string{"memory"}, compute: memory},
		{keys: []string{"cpu"}, compute: cpu},
		{keys: []string{"network", "counters", "ipaddress", "ip6address", "macaddress"}, compute: network},
		{keys: []string{"filesystem"}, compute: filesystem},
		{keys: []string{"block_device"}, compute: blockDevices},
		{keys: []string{"mdadm"}, compute: mdadm},
		{keys: []string{"virtualization", "docker"}, compute: virtualization},
		{keys: []string{"packages"}, compute: packages},
		{keys: []string{"uptime", "uptime_seconds", "idletime", "idletime_seconds"}, compute: uptime},
		{keys: []string{"ohai_time", "time"}, compute: clock},
		{keys: []string{"machine_id"}, compute: machineID},
		{keys: []string{"init_package"}, compute: initPackage},
		{keys: []string{"root_group"}, compute: rootGroup},
		{keys: []string{"shells"}, compute: shells},
		{keys: []string{"fips"}, compute: fips},
		{keys: []string{"keys"}, compute: keys},
		{keys: []string{"command"}, compute: command},
		{keys: []string{"chef_packages"}, compute: chefPackages},

		{keys: []string{"etc", "current_user"}, compute: passwd, optional: true},
	}
}
