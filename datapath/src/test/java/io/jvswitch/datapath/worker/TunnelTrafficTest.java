package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.arp.NeighbourTable;
import io.jvswitch.datapath.normal.Network;
import io.jvswitch.datapath.normal.NetworkOptions;
import io.jvswitch.datapath.normal.NetworkPort;
import io.jvswitch.datapath.normal.NormalBridge;
import io.jvswitch.datapath.normal.NormalNews;
import io.jvswitch.datapath.normal.StationTable;
import io.jvswitch.datapath.testing.MemoryQueue;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Port;
import io.jvswitch.datapath.translate.TunnelTraffic;
import io.jvswitch.encap.OuterTos;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import io.jvswitch.wire.testing.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * What tunnel ports count, over two workers whose flow tables are far too small, while VTEPs are forgotten and come
 * back (by the same number, by another one's, by a new one), paths change, and MAC addresses are learnt: each VTEP's
 * frames are counted with that VTEP, none twice, none lost.
 */
final class TunnelTrafficTest {

    private static final int WORKERS = 2;
    private static final int VTEPS = 6;
    private static final int STATIONS = 60;
    private static final int ROUNDS = 400;
    private static final long IDLE_NS = 4_000_000_000L;
    /** RFC 7348, section 5: flags 0x08, VNI 42. */
    private static final String VXLAN_42 = "0800000000002a00";

    /** Of one address: what was counted and what should have been, over all the times that it was known. */
    private static final class Account {
        final List<TunnelTraffic> traffic = new ArrayList<>();
        long received;
        long receivedBytes;
        long sent;
        long sentBytes;

        TunnelTraffic current() {
            return traffic.getLast();
        }
    }

    private final RandomGenerator random = Seed.random(TunnelTrafficTest.class);
    private final ConductorInbox inbox = new ConductorInbox(64);
    private final List<Worker> workers = new ArrayList<>();
    private final List<MemoryQueue> guests = new ArrayList<>();
    private final List<MemoryQueue> others = new ArrayList<>();
    private final List<MemoryQueue> underlays = new ArrayList<>();
    private final Fdb fdb = new Fdb(1_024);
    private final Map<IpAddress, Account> accounts = new HashMap<>();
    private final Account unknown = new Account();
    /** Those that are known now, by the numbers of their tunnel ports. */
    private final Map<Integer, IpAddress> known = new TreeMap<>();

    private long version;
    private long nowNs = 1_000_000_000;

    private static IpAddress address(int vtep) {
        return IpAddress.ofIpv4(0xc000_0202 + vtep); // 192.0.2.2
    }

    @Test
    void addsUpExactly() {
        unknown.traffic.add(TunnelTraffic.of(WORKERS));
        for (int i = 0; i < WORKERS; i++) {
            Worker worker =
                    new Worker(i, new WorkerSettings(1_024, FramePool.JUMBO_BUFFER_BYTES, 16, 16, IDLE_NS), inbox);
            workers.add(worker);
            guests.add(new MemoryQueue());
            others.add(new MemoryQueue());
            underlays.add(new MemoryQueue());
            worker.proxy().addPort(1, guests.getLast());
            worker.proxy().addPort(2, others.getLast());
            worker.proxy()
                    .setTunnel(
                            TunnelKind.VXLAN, underlays.getLast(), List.of(underlays.getLast()), underlays.getLast());
        }
        for (int vtep = 0; vtep < VTEPS - 1; vtep++) {
            come(address(vtep), Locations.ofTunnel(vtep));
        }
        publish();
        for (int round = 0; round < ROUNDS; round++) {
            if (random.nextInt(3) == 0) {
                change();
                publish();
            }
            offer();
            run();
            nowNs += random.nextInt(20) == 0 ? 2_000_000_000L : random.nextInt(2_000_000);
        }
        for (int i = 0; i < 20; i++) {
            nowNs += 1_000_000_000;
            run();
        }
        workers.forEach(worker -> assertEquals(0, worker.flows().size(), "all have aged"));
        assertTrue(workers.stream().anyMatch(worker -> worker.flows().evictions() > 0));
        assertTrue(accounts.values().stream().anyMatch(account -> account.traffic.size() > 3), "came back");
        accounts.values().forEach(account -> assertTrue(account.received > 0 && account.sent > 0));
        assertTrue(unknown.received > 0);
        accounts.forEach(this::check);
        check(address(99), unknown);
        workers.forEach(Worker::close);
    }

    private void check(IpAddress address, Account account) {
        long received = 0;
        long receivedBytes = 0;
        long sent = 0;
        long sentBytes = 0;
        for (TunnelTraffic traffic : account.traffic) {
            received += traffic.received().frames();
            receivedBytes += traffic.received().bytes();
            sent += traffic.sent().frames();
            sentBytes += traffic.sent().bytes();
        }
        assertEquals(account.received, received, address::toString);
        assertEquals(account.receivedBytes, receivedBytes, address::toString);
        assertEquals(account.sent, sent, address::toString);
        assertEquals(account.sentBytes, sentBytes, address::toString);
    }

    private void come(IpAddress address, int number) {
        known.put(number, address);
        accounts.computeIfAbsent(address, any -> new Account()).traffic.add(TunnelTraffic.of(WORKERS));
    }

    private void change() {
        for (int i = random.nextInt(3); i > 0; i--) {
            int number = Locations.ofTunnel(random.nextInt(2 * VTEPS));
            IpAddress address = address(random.nextInt(VTEPS));
            if (known.remove(number) != null) {
                fdb.removeLocation(number);
            } else if (!known.containsValue(address)) {
                come(address, number);
            }
        }
    }

    private void publish() {
        List<Integer> numbers = List.copyOf(known.keySet());
        Network blue = new Network(
                0,
                "blue",
                TunnelKind.VXLAN,
                42,
                true,
                List.of(1, 2),
                numbers,
                Set.copyOf(numbers),
                true,
                true,
                StationTable.of(),
                NeighbourTable.of(),
                Set.of(),
                false,
                OuterTos.DEFAULT,
                1_450,
                fdb,
                StationTable.of(),
                NetworkOptions.SERVED);
        List<NetworkPort> ports =
                List.of(new NetworkPort(1, "guest", 0, 1_450, true), new NetworkPort(2, "other", 0, 1_450, true));
        NormalBridge bridge = new NormalBridge(0, "test", ports, List.of(blue));
        List<Port.Tunnel> tunnels = new ArrayList<>(List.of(bridge.underlay(unknown.current())));
        known.forEach((number, address) -> tunnels.add(bridge.vtep(
                number,
                address,
                4_789,
                1_500 - random.nextInt(2),
                Objects.requireNonNull(accounts.get(address)).current())));
        version++;
        workers.forEach(worker -> worker.proxy().publish(bridge.snapshot(version, tunnels)));
    }

    private static String mac(int station) {
        return String.format("02:00:00:00:00:%02x", station);
    }

    private void offer() {
        for (int worker = 0; worker < WORKERS; worker++) {
            for (int i = random.nextInt(40); i > 0; i--) {
                int payload = 18 + random.nextInt(50);
                String from = mac(random.nextInt(STATIONS));
                String to = random.nextInt(4) == 0 ? "ff:ff:ff:ff:ff:ff" : mac(random.nextInt(STATIONS));
                byte[] frame = Frames.ethernet(from, to)
                        .ipv4("10.0.0.1", "10.0.0.2")
                        .udp(1, 2)
                        .payload(payload)
                        .bytes();
                if (random.nextBoolean()) {
                    guests.get(worker).offer(frame);
                    continue;
                }
                IpAddress vtep = address(random.nextInt(VTEPS));
                underlays
                        .get(worker)
                        .offer(Hex.bytes(VXLAN_42 + Hex.text(frame).replaceAll("\\s", "")), vtep.toString());
                Account account = known.containsValue(vtep) ? Objects.requireNonNull(accounts.get(vtep)) : unknown;
                account.received++;
                account.receivedBytes += frame.length;
            }
        }
    }

    /** Until all that was offered is where it goes. */
    private void run() {
        for (int i = 0; i < 40; i++) {
            nowNs += 1_000_000;
            for (Worker worker : workers) {
                worker.doWork(nowNs);
            }
            for (ConductorEvent event = inbox.poll(); event != null; event = inbox.poll()) {
                if (event instanceof ConductorEvent.FromTranslation(NormalNews.Learn learn, long learnNs)) {
                    learn.fdb().learn(learn.mac(), learn.vlan(), learn.location(), learnNs);
                }
            }
        }
        guests.forEach(MemoryQueue::drain);
        others.forEach(MemoryQueue::drain);
        for (MemoryQueue underlay : underlays) {
            for (MemoryQueue.Sent datagram : underlay.drain()) {
                Account account = Objects.requireNonNull(accounts.get(datagram.remote()));
                account.sent++;
                account.sentBytes += datagram.bytes().length - VXLAN_42.length() / 2;
            }
        }
    }
}
