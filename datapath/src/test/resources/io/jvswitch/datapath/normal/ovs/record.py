#!/usr/bin/env python3
"""Records what NORMAL of Open vSwitch does, by its own ofproto/trace, as golden data for tests.

Start a private Open vSwitch whose datapath touches no device, and run this with OVS_RUNDIR set to its folder:

    export OVS_RUNDIR=/tmp/ovs OVS_DBDIR=/tmp/ovs OVS_LOGDIR=/tmp/ovs OVS_SYSCONFDIR=/tmp/ovs
    mkdir /tmp/ovs; ovsdb-tool create /tmp/ovs/conf.db /usr/share/openvswitch/vswitch.ovsschema
    ovsdb-server /tmp/ovs/conf.db --detach --pidfile --remote=punix:/tmp/ovs/db.sock
    ovs-vsctl --no-wait init
    ovs-vswitchd --enable-dummy=override --disable-system --detach --pidfile
    ./record.py vlan-modes > vlan-modes.tsv

Each line: vlan-limit, port of arrival, the frame (hexadecimal), OVS's datapath actions.
"""
import subprocess, sys

def run(*args):
    return subprocess.run(args, check=True, capture_output=True, text=True).stdout

def appctl(*args):
    return run('ovs-appctl', '-t', 'ovs-vswitchd', *args)

def vsctl(text):
    run('ovs-vsctl', *text.split())

PORTS = [  # the columns of the Port table, of p1, p2, ...
    'tag=10',
    '',
    'trunks=10,20',
    'vlan_mode=native-tagged tag=10 trunks=20',
    'vlan_mode=native-untagged tag=10 trunks=20',
    'vlan_mode=dot1q-tunnel tag=10',
    'vlan_mode=dot1q-tunnel tag=10 cvlans=20,30 other_config:qinq-ethtype=802.1q',
    'tag=10 other_config:priority-tags=if-nonzero',
    'tag=10 other_config:priority-tags=always',
    'other_config:priority-tags=if-nonzero',
    'other_config:priority-tags=always',
    'vlan_mode=native-untagged tag=10 other_config:priority-tags=if-nonzero',
    'vlan_mode=native-untagged tag=10 other_config:priority-tags=always',
    'tag=20',
    'trunks=0,30',
    'vlan_mode=native-untagged tag=20',
    'vlan_mode=dot1q-tunnel tag=20 other_config:priority-tags=always',
    'vlan_mode=native-tagged tag=30',
    'vlan_mode=access tag=0',
    'vlan_mode=dot1q-tunnel tag=30 cvlans=0 other_config:priority-tags=if-nonzero',
]
# TPID, PCP and VID of each tag, the outermost first
TAGS = [
    [],
    [(0x8100, 0, 0)], [(0x8100, 5, 0)], [(0x88a8, 0, 0)], [(0x88a8, 6, 0)],
    [(0x8100, 0, 10)], [(0x8100, 3, 10)], [(0x88a8, 1, 10)],
    [(0x8100, 0, 20)], [(0x8100, 7, 20)], [(0x8100, 2, 30)], [(0x8100, 0, 40)],
    [(0x88a8, 0, 10), (0x8100, 0, 20)], [(0x88a8, 4, 10), (0x8100, 1, 30)], [(0x8100, 4, 10), (0x8100, 1, 40)],
    [(0x88a8, 2, 20), (0x8100, 3, 10)], [(0x8100, 1, 10), (0x8100, 0, 0)], [(0x8100, 1, 10), (0x8100, 6, 0)],
    [(0x8100, 0, 0), (0x8100, 0, 20)], [(0x8100, 5, 0), (0x8100, 3, 20)], [(0x8100, 5, 0), (0x8100, 0, 0)],
    [(0x88a8, 0, 30), (0x8100, 0, 10)], [(0x88a8, 0, 30), (0x8100, 7, 0)],
    [(0x88a8, 0, 10), (0x8100, 2, 20), (0x8100, 1, 30)],
]

def frame(tags, src='020000000001', dst='0200000000ff'):
    text = dst + src
    for tpid, pcp, vid in tags:
        text += '%04x%04x' % (tpid, pcp << 13 | vid)
    return text + '1234' + '00' * 46

def actions(bridge, port, hexframe):
    for line in appctl('ofproto/trace', bridge, 'in_port=%d' % port, hexframe).splitlines():
        if line.startswith('Datapath actions: '):
            return line[len('Datapath actions: '):]
    raise SystemExit('no verdict')

def dummy_bridge():
    vsctl('--if-exists del-br br0')
    vsctl('add-br br0 -- set bridge br0 datapath_type=dummy fail-mode=standalone -- set port br0 tag=4000')

def vlan_modes():
    for limit in (1, 2):
        vsctl('set Open_vSwitch . other_config:vlan-limit=%d' % limit)
        dummy_bridge()
        for number, columns in enumerate(PORTS, 1):
            vsctl('add-port br0 p%d -- set interface p%d type=dummy ofport_request=%d' % (number, number, number)
                  + (' -- set port p%d %s' % (number, columns) if columns else ''))
        if limit == 1:
            print('# ' + run('ovs-vswitchd', '--version').splitlines()[0] + '; record.py vlan-modes. Ports, as ovs-vsctl sets them:')
            for number, columns in enumerate(PORTS, 1):
                print('# p%d %s' % (number, columns))
        for port in range(1, len(PORTS) + 1):
            for tags in TAGS:
                f = frame(tags)
                print('%d\t%d\t%s\t%s' % (limit, port, f, actions('br0', port, f)))

def version():
    return run('ovs-vswitchd', '--version').splitlines()[0]

def add_ports(bridge, ports):
    for name, columns in ports:
        vsctl('add-port %s %s -- set interface %s type=dummy ofport_request=%s' % (bridge, name, name, name[1:])
              + (' -- set port %s %s' % (name, columns) if columns else ''))

MIRROR_PORTS = [('p1', ''), ('p2', 'tag=10'), ('p3', 'tag=20'), ('p4', ''), ('p5', 'trunks=99,10'), ('p6', 'tag=30'),
                ('p7', 'vlan_mode=dot1q-tunnel tag=10')]
# name: mirrors, each with ports by name
MIRRORS = {
    'all-to-p4': ['select_all=true output_port=p4'],
    'all-to-p6': ['select_all=true output_port=p6'],
    'src-p2': ['select_src_port=p2 output_port=p4'],
    'dst-p2': ['select_dst_port=p2 output_port=p4'],
    'dst-p1': ['select_dst_port=p1 output_port=p4'],
    'src-and-dst': ['select_src_port=p1 select_dst_port=p2,p3 output_port=p4'],
    'vlan-10': ['select_all=true select_vlan=10 output_port=p4'],
    'vlan-20-dst': ['select_dst_port=p1,p2,p3 select_vlan=20 output_port=p4'],
    'to-vlan-99': ['select_all=true output_vlan=99'],
    'to-vlan-10': ['select_src_port=p3 output_vlan=10'],
    'two-outputs': ['select_src_port=p2 output_port=p4', 'select_dst_port=p1 output_port=p6'],
    'one-output-twice': ['select_src_port=p2 output_port=p4', 'select_dst_port=p1 output_port=p4'],
    'copy-of-a-copy': ['select_src_port=p2 output_vlan=99', 'select_dst_port=p5 output_port=p6'],
    'snaplen': ['select_all=true output_port=p4 snaplen=30'],
    'snaplen-vlan': ['select_src_port=p2 output_vlan=99 snaplen=20'],
    'snaplen-retagged': ['select_all=true output_port=p6 snaplen=14'],
    'snaplen-of-a-copy': ['select_src_port=p2 output_vlan=99', 'select_dst_port=p5 output_port=p6 snaplen=40'],
    'snaplen-of-all': ['select_all=true output_port=p4 snaplen=65535'],
    'snaplen-of-two': ['select_src_port=p2 output_port=p4 snaplen=30', 'select_dst_port=p1 output_port=p6'],
    'tunnel-port': ['select_dst_port=p7 output_port=p4', 'select_src_port=p7 output_vlan=99'],
}

def mirrors():
    vsctl('set Open_vSwitch . other_config:vlan-limit=1')
    print('# ' + version() + '; record.py mirrors. Ports, as ovs-vsctl sets them; 02:..:b2 was learnt at p2 in VLAN 10:')
    for name, columns in MIRROR_PORTS:
        print('# %s %s' % (name, columns))
    for config, rows in MIRRORS.items():
        dummy_bridge()
        add_ports('br0', MIRROR_PORTS)
        for row in rows:
            print('#mirror\t%s\t%s' % (config, row))
        args = []
        for i, row in enumerate(rows):
            values = []
            for value in row.split():
                column, _, names = value.partition('=')
                if column.endswith('port'):
                    ids = ['@' + n for n in names.split(',')]
                    for n in names.split(','):
                        args += ['--', '--id=@' + n, 'get', 'port', n] if '--id=@' + n not in args else []
                    values.append('%s=%s' % (column, ','.join(ids)))
                else:
                    values.append(value)
            args += ['--', '--id=@m%d' % i, 'create', 'mirror', 'name=m%d' % i] + values
        run('ovs-vsctl', *(args[1:] + ['--', 'set', 'bridge', 'br0',
                                       'mirrors=' + ','.join('@m%d' % i for i in range(len(rows)))]))
        appctl('fdb/add', 'br0', 'p2', '10', '02:00:00:00:00:b2')
        for port in range(1, 8):
            for tags in ([], [(0x8100, 3, 10)], [(0x8100, 0, 20)], [(0x8100, 5, 0)], [(0x8100, 0, 99)]):
                for dst in ('0200000000ff', '0200000000b2', '0180c200000e'):
                    f = frame(tags, dst=dst)
                    print('%s\t%d\t%s\t%s' % (config, port, f, actions('br0', port, f)))

ARP = '0806' + '0001080006040001' + '%s' + '0a000001' + '000000000000' + '0a000001' + '00' * 18

BONDS = {
    'active-backup': 'bond_mode=active-backup',
    'balance-slb': 'bond_mode=balance-slb',
    'balance-tcp': 'bond_mode=balance-tcp',
    'balance-slb-all-active': 'bond_mode=balance-slb other_config:all-members-active=true',
}

def bonds():
    vsctl('set Open_vSwitch . other_config:vlan-limit=1')
    print('# ' + version() + '; record.py bonds. p1, p2 and a bond of p10 (active) and p11, all trunks.')
    print('# 02:..:b1 was learnt at p1, 02:..:bb at the bond; 02:..:c1 was announced by a gratuitous ARP at p1.')
    for config, columns in BONDS.items():
        dummy_bridge()
        add_ports('br0', [('p1', ''), ('p2', '')])
        vsctl('add-bond br0 bond0 p10 p11 %s -- set interface p10 type=dummy ofport_request=10'
              ' -- set interface p11 type=dummy ofport_request=11' % columns)
        for port in ('p1', 'p2', 'p10', 'p11'):
            appctl('netdev-dummy/set-admin-state', port, 'up')
        import time; time.sleep(1)
        if config != 'balance-tcp':
            appctl('bond/set-active-member', 'bond0', 'p10')
        def trace(port, f):  # a trace of a packet learns
            appctl('fdb/flush', 'br0')
            actions('br0', 1, 'ffffffffffff0200000000c1' + ARP % '0200000000c1')
            actions('br0', 1, '0200000000fe0200000000b1' + '1234' + '00' * 46)
            actions('br0', 10, '0200000000fe0200000000bb' + '1234' + '00' * 46)
            print('%s\t%d\t%s\t%s' % (config, port, f, actions('br0', port, f)))
        for port in (1, 10, 11):
            for dst in ('0200000000ff', '0200000000b1', '0200000000bb', 'ffffffffffff', '01005e000001'):
                for src in ('0200000000b1', '0200000000bb', '0200000000aa', '0200000000c1'):
                    trace(port, dst + src + '1234' + '00' * 46)
            for src in ('0200000000b1', '0200000000bb', '0200000000aa', '0200000000c1'):
                trace(port, 'ffffffffffff' + src + ARP % src)

def bond_show():
    """Bucket -> (member, kB), and the ms to the next rebalancing."""
    buckets, member, left = {}, None, 0
    for line in appctl('bond/show', 'bond0').splitlines():
        words = line.split()
        if line.startswith('next rebalance:'):
            left = int(words[2])
        elif line.startswith('member '):
            member = words[1].rstrip(':')
        elif line.startswith('  hash '):
            buckets[int(words[1].rstrip(':'))] = (member, int(words[2]))
    return buckets, left

def rebalancing():
    import random, time
    print('# ' + version() + '; record.py rebalancing. What a balance-slb bond moves when it shares its load anew:')
    print('# number of members, then bucket:member:bytes of each bucket before, and bucket:member after.')
    random.seed(20261130)
    appctl('time/stop')
    for case in range(40):
        members = ['p1%d' % i for i in range(random.choice((2, 2, 3, 4)))]
        dummy_bridge()
        add_ports('br0', [('p1', '')])
        vsctl('add-bond br0 bond0 %s bond_mode=balance-slb' % ' '.join(members)
              + ''.join(' -- set interface %s type=dummy ofport_request=%s' % (m, m[1:]) for m in members))
        appctl('netdev-dummy/set-admin-state', 'up')
        appctl('time/warp', '200')
        time.sleep(0.2)
        loads = {}
        for i in range(random.choice((2, 4, 8, 24))):
            mac = '02:00:00:%02x:%02x:%02x' % tuple(random.randrange(256) for _ in range(3))
            bucket = int(appctl('bond/hash', mac))
            length = random.randrange(6000, 60000)
            count = random.choice((1, 1, 2, 5, 20))
            flow = 'in_port(1),eth(src=%s,dst=ff:ff:ff:ff:ff:ff),eth_type(0x1234)' % mac
            run('ovs-appctl', '-t', 'ovs-vswitchd', 'netdev-dummy/receive', 'p1', *(count * [flow, '--len', str(length)]))
            loads[bucket] = loads.get(bucket, 0) + count * length
            if i == 0 and random.randrange(2):  # all that have come so far leave by one member
                appctl('bond/migrate', 'bond0', str(bucket), members[0])
        for bucket in random.sample(sorted(loads), random.randrange(len(loads))):
            appctl('bond/migrate', 'bond0', str(bucket), random.choice(members[:2]))
        for _ in range(50):
            appctl('time/warp', '100')
            time.sleep(0.05)
            before, left = bond_show()
            if {b: kb for b, (_, kb) in before.items()} == {b: n // 1024 for b, n in loads.items()}:
                break
        else:
            raise SystemExit('not all counted: %s %s' % (before, loads))
        assert left > 1000, left
        appctl('time/warp', str(left - 100), '1000')
        next_left = 0
        while next_left < 5000:
            appctl('time/warp', '100')
            time.sleep(0.05)
            after, next_left = bond_show()
        assert all(kb == loads[b] // 2 // 1024 for b, (_, kb) in after.items()), (after, loads)
        print('%d\t%s\t%s' % (len(members), ' '.join('%d:%s:%d' % (b, m[1:], loads[b]) for b, (m, _) in sorted(before.items())),
                              ' '.join('%d:%s' % (b, m[1:]) for b, (m, _) in sorted(after.items()))))

def hashes():
    print('# ' + version() + '; record.py hashes. MAC, VLAN, basis, hash, as ovs-appctl bond/hash says.')
    for mac in ('02:00:00:00:00:01', '50:54:00:00:00:0c', 'fe:dc:ba:98:76:54', '00:00:00:00:00:00'):
        for vlan in (0, 7, 4095):
            for basis in (0, 1, 4000000000):
                print('%s\t%d\t%d\t%s' % (mac, vlan, basis, appctl('bond/hash', mac, str(vlan), str(basis)).strip()))

if __name__ == '__main__':
    {'vlan-modes': vlan_modes, 'mirrors': mirrors, 'bonds': bonds, 'rebalancing': rebalancing,
     'hashes': hashes}[sys.argv[1]]()
