package facts

// families says which top-level keys each file provides.
func families() []family { return append(always(), onRequest()...) }

// always is the whole tree.
func always() []family {
	return []family{
		{keys: []string{"hostname", "machinename"}, compute: hostname},
		{keys: []string{"fqdn", "domain"}, compute: fullName},
		{keys: []string{"os", "os_version"}, compute: system},
		{keys: []string{"platform", "platform_family", "platform_version"}, compute: platform},
		{keys: []string{"os_release"}, compute: osRelease},
		{keys: []string{"lsb"}, compute: lsb},
		{keys: []string{"kernel"}, compute: kernel},
		{keys: []string{"memory"}, compute: memory},
		{keys: []string{"cpu"}, compute: cpu},
		{keys: []string{"ipaddress", "ip6address", "macaddress"}, compute: ownAddresses},
		{keys: []string{"network"}, compute: network},
		{keys: []string{"counters"}, compute: counters},
		{keys: []string{"filesystem"}, compute: filesystem},
		{keys: []string{"block_device"}, compute: blockDevices},
		{keys: []string{"dmi"}, compute: dmi},
		{keys: []string{"shard_seed"}, compute: shardSeed},
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
		{keys: []string{"sysconf"}, compute: sysconf},
		{keys: []string{"systemd_paths"}, compute: systemdPaths},
		{keys: []string{"languages"}, compute: languages},
		{keys: []string{"hostnamectl"}, compute: hostnamectl},
	}
}

// onRequest is what Ohai calls optional.
func onRequest() []family {
	return []family{
		{keys: []string{"sessions"}, compute: sessions, optional: true},
		{keys: []string{"pci"}, compute: pci, optional: true},
		{keys: []string{"scsi"}, compute: scsi, optional: true},
		{keys: []string{"sysctl"}, compute: sysctl, optional: true},
		{keys: []string{"interrupts"}, compute: interrupts, optional: true},
		{keys: []string{"ipc"}, compute: ipc, optional: true},
		{keys: []string{"selinux"}, compute: selinux, optional: true},
		{keys: []string{"grub2"}, compute: grub, optional: true},
		{keys: []string{"etc", "current_user"}, compute: passwd, optional: true},
	}
}
