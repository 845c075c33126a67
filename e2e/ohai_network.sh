# Builds a network of many kinds of interfaces, addresses, routes and
# neighbours inside a network namespace of its own, and asks the facts, Ohai
# and the facts again. What this kernel cannot make is left out. With a fourth
# argument it also records, as files of a txtar archive, what the kernel and ip
# say: on a kernel that can make all of it, for shared/facts/testdata/machines.
# Arguments: the facts' program, Ohai's configuration, a folder for the answers.
ip link set lo up
while read -r command; do
	ip $command 2>/dev/null || echo "cannot: ip $command" >> "$3/left-out"
done <<'END'
link add d0 type veth peer name d0p
link set d0p up
link add br0 type bridge
link add v0 type veth peer name v1
link add link d0 name d0.5 type vlan id 5
link add link d0 name d0.6 type vlan id 6 gvrp on loose_binding on
link add link d0 name d0.7 type vlan protocol 802.1ad id 4094 reorder_hdr off
link add link d0.7 name qinq type vlan id 8 mvrp on
link add link d0 name under_score type vlan id 9
link add link under_score name over type vlan id 10
link add bo1 type bond mode active-backup miimon 100
link add s0 type veth peer name s0p
link add s1 type veth peer name s1p
link set s0p up
link set s1p up
link set s0 master bo1
link set s1 master bo1
link add bo2 type bond mode 802.3ad
link add s2 type veth peer name s2p
link set s2 master bo2
link add brv type bridge vlan_filtering 1
link add tg type gre local 10.1.0.1 remote 10.1.0.2 key 7
link add tgt type gretap local 10.1.0.1 remote 10.1.0.2
link add ts type sit local 10.1.0.1 remote 10.1.0.2
link add ti1 type ipip local 10.1.0.1 remote 10.1.0.2 ttl 64
link add ti2 type ipip local any remote 10.1.0.3 dev d0 ttl inherit tos inherit
link add ti3 type ipip external
link add ti4 type ipip local 10.1.0.1 remote 10.1.0.4 tos 0x10 nopmtudisc mode any
link add ti5 type ipip local 10.1.0.1 remote 10.1.0.7
link add t61 type ip6tnl local fd00::1 remote fd00::2
link add t62 type ip6tnl mode ipip6 local fd00::1 remote fd00::3 hoplimit 33 encaplimit none
link add t63 type ip6tnl mode any local fd00::1 dev d0 tclass 0x20 flowlabel 0x12345 encaplimit 7
link add t64 type ip6tnl external
link add t65 type ip6tnl mode ip6ip6 local fd00::1 remote fd00::4 tclass inherit flowlabel inherit hoplimit inherit
link add t6g type ip6gre local fd00::1 remote fd00::5
link add vti1 type vti local 10.1.0.1 remote 10.1.0.5 key 9
link add vti6 type vti6 local fd00::1 remote fd00::6 key 9
link add gn0 type geneve id 11 remote 10.1.0.6
link add dm0 type ifb
link add ipv0 link s2p type ipvlan
link add mvt0 link v0 type macvtap
link add vrf0 type vrf table 77
link add wg0 type wireguard
link add nl0 type nlmon
link add ifb9 type ifb
link add can0 type vcan
link add xf0 type xfrm dev d0 if_id 5
link add vx0 type vxlan id 7 dev d0 dstport 4789
link add mv0 link d0 type macvlan
tuntap add tap0 mode tap
tuntap add tu0 mode tun
link set d0 up
link set br0 up
link set v0 up
link set v1 up
link set d0.5 up
link set v1 master br0
link set tap0 up
link set d0 promisc on
link set d0.6 up
link set bo1 up
link set s0 up
link set s1 up
link set bo2 up
link set s2 up
link set brv up
link set v0 alias with-words
link set dm0 multicast off
link set dm0 up
link set ti1 up
link set t61 up
link set ts up
link set tg up
link set vx0 up
link set mv0 up
link set vrf0 up
link set wg0 up
addr add 10.1.0.1/24 brd + dev d0
addr add 10.1.0.9/24 brd + dev d0 label d0:3
addr add 10.1.0.10/24 dev d0
addr add 10.2.0.1 peer 10.2.0.2/32 dev v0
addr add fd00::1/64 dev d0
addr add fd00::5/64 dev d0 preferred_lft 100 valid_lft 200
addr add fd01::1 peer fd01::2/128 dev v0
addr add 169.254.3.3/16 scope link dev v0
addr add 10.9.9.9/32 dev lo
addr add fd00::6/64 dev d0 nodad
addr add fd00::7/64 dev d0 home
addr add fd00::8/64 dev d0 mngtmpaddr
addr add fd00::9/64 dev d0 noprefixroute
addr add fd00::a/64 dev d0 optimistic
addr add fd00::b/64 dev d0 preferred_lft 0 valid_lft 500
addr add fec0::1/64 dev d0
addr add fe80::77/64 dev d0 scope link
addr add ::ffff:10.1.0.40/128 dev dm0 nodad
addr add ::10.1.0.41/128 dev dm0 nodad
addr add fd02::1/64 dev ti1
addr add 10.7.0.1/24 dev d0.6
addr add 10.8.0.1/24 brd 10.8.0.99 dev bo1
addr add 224.0.0.77/32 dev dm0 autojoin
addr add 10.10.0.1/31 dev dm0
addr add 10.11.0.1/24 scope host dev dm0
addr add 10.12.0.1/24 scope 33 dev dm0
addr add 10.13.0.1/24 dev dm0 label dm0:word
route add default via 10.1.0.254 dev d0 metric 50 proto static
route add default via 10.1.0.253 dev d0 metric 20 src 10.1.0.9
route add 10.50.0.0/16 nexthop via 10.1.0.3 dev d0 weight 1 nexthop via 10.1.0.4 dev d0 weight 2
route add 10.51.0.0/16 proto bird metric 7 nexthop via 10.1.0.3 dev d0 nexthop via 10.1.0.4 dev d0
route add blackhole 10.66.0.0/16
route add unreachable 10.67.0.0/16
route add 10.3.3.3 dev v0 scope link
route add 10.4.0.0/16 via inet6 fd00::77 dev d0
-6 route add default via fd00::254 dev d0 metric 77
-6 route add unreachable fd09::/48
-6 route add default via fe80::254 dev d0 metric 900 proto ra pref high
addr add fd03::1/64 dev dm0 nodad
-6 route add fd0a::/64 nexthop via fd03::21 dev dm0 nexthop via fd03::22 dev dm0 weight 3
-6 route add fd0b::1 dev v0 proto static
-6 route add fd0c::/64 dev d0 src fd00::1 metric 5
-6 route add fd0d::/64 via fd00::23 dev d0 expires 600
-6 route add blackhole fd0e::/64
-6 route add prohibit fd0f::/64
route add prohibit 10.68.0.0/16
route add throw 10.69.0.0/16
route add local 10.70.0.1 dev d0 table main
route add 10.71.0.0/16 via 10.1.0.3 dev d0 onlink mtu 1400 proto 200
route add 10.72.0.0/16 dev d0 scope 33 proto ospf
route add 10.73.0.0/16 dev ti1 tos 0x10
route add broadcast 10.74.0.255 dev d0 table main
route add multicast 239.0.0.0/8 dev d0
route add 10.75.0.0/16 dev d0.6 metric 4294967295
neigh add 10.1.0.254 lladdr 02:00:00:00:00:99 dev d0
neigh add fd00::254 lladdr 02:00:00:00:00:98 dev d0 nud permanent
neigh add proxy 10.1.0.77 dev d0
neigh add 10.1.0.78 lladdr 02:00:00:00:00:97 dev d0 nud noarp
END
sleep 2.5 # duplicate address detection
"$1" > "$3/before"
ohai -c "$2" > "$3/reference" 2>/dev/null
"$1" > "$3/after"
if [ "$4" ]; then
	"$1" -netlink > "$3/recording"
	for query in "addr" "-d -s link" "-f inet neigh show" "-f inet6 neigh show" \
		"-o -f inet route show table main" "-o -f inet6 route show table main"; do
		echo "-- ip/$query --" | tr ' ' _ | sed 's/^--_/-- /; s/_--$/ --/'
		ip $query
	done >> "$3/recording"
fi
