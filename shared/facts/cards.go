package facts

import "strings"

// Card is what a network card's driver answers to ethtool(8); a nil part is
// one that the driver does not support.
type Card struct {
	Settings *Settings
	Ring     []uint32 // maxima of rx, mini, jumbo, tx, then the present sizes
	Channels []uint32 // maxima of rx, tx, other, combined, then the present numbers
	Coalesce []uint32 // struct ethtool_coalesce without its command
	Adaptive [2]bool  // whether the driver knows adaptive coalescing of rx, tx
	Pause    []uint32 // autonegotiate, rx, tx
	Driver   *Driver
}

// Settings is struct ethtool_link_settings (linux/ethtool.h).
type Settings struct {
	Speed                                             uint32 // Mb/s; 0 or all ones: unknown
	Duplex, Port, Transceiver, Autoneg, MDIX, MDIXCtl uint8
}

// Driver is struct ethtool_drvinfo.
type Driver struct {
	Driver, Version, Firmware, ROM, Bus                  string
	Statistics, Test, EEPROM, RegisterDump, PrivateFlags bool
}

// cards adds to every Ethernet interface what its card tells.
func (n *netTree) cards(m *Machine) {
	if m.Card == nil {
		return
	}
	for _, i := range n.order {
		if i.ethernet {
			m.Card(i.name).describe(i.facts)
		}
	}
}

func (c Card) describe(f map[string]any) {
	if c.Settings != nil {
		c.Settings.describe(f)
	}
	f["ring_params"] = named(c.Ring, []string{"max_rx", "max_rx_mini", "max_rx_jumbo", "max_tx",
		"current_rx", "current_rx_mini", "current_rx_jumbo", "current_tx",
		"current_rx_buf_len", "current_cqe_size", "current_tx_push", "current_tcp_data_split"})
	f["channel_params"] = named(c.Channels, []string{"max_rx", "max_tx", "max_other", "max_combined",
		"current_rx", "current_tx", "current_other", "current_combined"})
	f["coalesce_params"] = c.coalesce()
	pause := map[string]any{}
	for i, on := range c.Pause {
		pause[[...]string{"autonegotiate", "rx", "tx"}[i]] = on != 0
	}
	f["pause_params"] = pause
	f["driver_info"] = c.Driver.describe()
}

// named pairs values with names; names without a value are 0, as Ohai reads
// ethtool's "n/a".
func named(values []uint32, names []string) map[string]any {
	out := map[string]any{}
	if values == nil {
		return out
	}
	for i, name := range names {
		out[name] = 0
		if i < len(values) {
			out[name] = int(values[i])
		}
	}
	return out
}

func (c Card) coalesce() map[string]any {
	if len(c.Coalesce) < 22 {
		return map[string]any{}
	}
	names := strings.Fields("rx-usecs rx-frames rx-usecs-irq rx-frames-irq tx-usecs tx-frames tx-usecs-irq tx-frames-irq " +
		"stats-block-usecs adaptive_rx adaptive_tx pkt-rate-low rx-usecs-low rx-frame-low tx-usecs-low tx-frame-low " +
		"pkt-rate-high rx-usecs-high rx-frame-high tx-usecs-high tx-frame-high sample-interval cqe_mode_rx")
	out := named(c.Coalesce, names)
	for side, name := range [...]string{"adaptive_rx", "adaptive_tx"} {
		switch {
		case !c.Adaptive[side]:
			out[name] = "n/a"
		case c.Coalesce[9+side] != 0:
			out[name] = "on"
		default:
			out[name] = "off"
		}
	}
	return out
}

func (d *Driver) describe() map[string]any {
	out := map[string]any{}
	if d == nil {
		return out
	}
	out["driver"], out["version"], out["firmware-version"] = d.Driver, d.Version, d.Firmware
	out["expansion-rom-version"], out["bus-info"] = d.ROM, d.Bus
	for name, yes := range map[string]bool{"statistics": d.Statistics, "test": d.Test, "eeprom-access": d.EEPROM,
		"register-dump": d.RegisterDump, "priv-flags": d.PrivateFlags} {
		out["supports-"+name] = "no"
		if yes {
			out["supports-"+name] = "yes"
		}
	}
	return out
}

func (s *Settings) describe(f map[string]any) {
	f["link_speed"] = 0
	if s.Speed != 65535 && s.Speed != ^uint32(0) {
		f["link_speed"] = int(s.Speed)
	}
	f["duplex"] = pick(s.Duplex, "Half", "Full")
	f["port"] = port(s.Port)
	f["transceiver"] = [...]string{"internal", "external", "Unknown!"}[min(s.Transceiver, 2)]
	f["auto_negotiation"] = [...]string{"off", "on"}[min(s.Autoneg, 1)]
	if s.Port == 0 {
		f["mdi_x"] = s.crossover()
	}
}

func pick(n uint8, names ...string) string {
	if int(n) < len(names) {
		return names[n]
	}
	return "Unknown! (" + text(int(n)) + ")"
}

func port(n uint8) string {
	switch n {
	case 0xef:
		return "None"
	case 0xff:
		return "Other"
	}
	return pick(n, "Twisted Pair", "AUI", "MII", "FIBRE", "BNC", "Direct Attach Copper")
}

func (s *Settings) crossover() string {
	switch s.MDIXCtl {
	case 1:
		return "off (forced)"
	case 2:
		return "on (forced)"
	}
	state := [...]string{"Unknown", "off", "on"}[min(s.MDIX, 2)]
	if s.MDIXCtl == 3 {
		state += " (auto)"
	}
	return state
}
