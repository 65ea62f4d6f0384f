package io.jvswitch.arp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.testing.Seed;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class NeighbourTableTest {

    private static final IpAddress IP4 = IpAddress.parse("10.0.0.1");
    private static final IpAddress IP6 = IpAddress.parse("2001:db8::1");
    private static final MacAddress MAC_1 = MacAddress.parse("02:00:00:00:00:01");
    private static final MacAddress MAC_2 = MacAddress.parse("02:00:00:00:00:02");

    @Test
    void emptyTableKnowsNobody() {
        NeighbourTable table = NeighbourTable.of();
        assertEquals(0, table.size());
        assertEquals(NeighbourTable.UNKNOWN, table.macOf(IP6.hi(), IP6.lo()));
        assertEquals(NeighbourTable.UNKNOWN, table.macOf(0, 0), "the unspecified address is not a free slot");
        assertFalse(table.isRouter(IP6.hi(), IP6.lo()));
    }

    @Test
    void changeLeavesTheOldTableAsItWas() {
        NeighbourTable one = NeighbourTable.of(Map.of(IP4, MAC_1));
        NeighbourTable two = one.with(IP6, MAC_2);
        NeighbourTable replaced = two.with(IP4, MAC_2);
        NeighbourTable removed = replaced.without(IP4);

        assertEquals(1, one.size());
        assertEquals(MAC_1.bits(), one.macOfIpv4(IP4.ipv4()));
        assertEquals(NeighbourTable.UNKNOWN, one.macOf(IP6.hi(), IP6.lo()));
        assertEquals(2, two.size());
        assertEquals(MAC_1.bits(), two.macOf(IP4.hi(), IP4.lo()));
        assertEquals(MAC_2.bits(), two.macOf(IP6.hi(), IP6.lo()));
        assertEquals(2, replaced.size());
        assertEquals(MAC_2.bits(), replaced.macOfIpv4(IP4.ipv4()));
        assertEquals(1, removed.size());
        assertEquals(NeighbourTable.UNKNOWN, removed.macOfIpv4(IP4.ipv4()));
        assertSame(removed, removed.without(IP4));
    }

    @Test
    void whetherItRoutesIsPartOfTheEntry() {
        NeighbourTable table =
                NeighbourTable.of().with(IP6, MAC_1, NodeKind.ROUTER).with(IP4, MAC_2, NodeKind.HOST);
        assertTrue(table.isRouter(IP6.hi(), IP6.lo()));
        assertFalse(table.isRouter(IP4.hi(), IP4.lo()));
        assertEquals(MAC_1.bits(), table.macOf(IP6.hi(), IP6.lo()), "the mark is not part of the MAC");
        assertFalse(table.with(IP6, MAC_1).isRouter(IP6.hi(), IP6.lo()));
        assertEquals(NodeKind.ROUTER, table.kindOf(IP6.hi(), IP6.lo()));
        assertEquals(NodeKind.HOST, table.kindOf(IP4.hi(), IP4.lo()));
        assertEquals(MAC_2.bits(), table.macOfIpv4(IP4.ipv4()), "nor is this one");
        assertEquals(NodeKind.UNKNOWN, table.with(IP4, MAC_2).kindOf(IP4.hi(), IP4.lo()));
        NeighbourTable built =
                NeighbourTable.builder().add(IP4, MAC_1, NodeKind.ROUTER).build();
        assertTrue(built.isRouter(IP4.hi(), IP4.lo()));
    }

    @Test
    void allZerosMacIsAnEntryLikeAnyOther() {
        NeighbourTable table = NeighbourTable.of().with(IP4, new MacAddress(0));
        assertEquals(0, table.macOfIpv4(IP4.ipv4()));
        assertEquals(1, table.size());
    }

    @Test
    void builderGoesOnAfterBuilding() {
        NeighbourTable.Builder builder = NeighbourTable.builder().add(IP4, MAC_1);
        NeighbourTable first = builder.build();
        NeighbourTable second = builder.add(IP4, MAC_2).build();
        assertEquals(MAC_1.bits(), first.macOfIpv4(IP4.ipv4()));
        assertEquals(MAC_2.bits(), second.macOfIpv4(IP4.ipv4()));
        assertEquals(1, second.size());
    }

    @Test
    void agreesWithAMapUnderRandomChanges() {
        RandomGenerator random = Seed.random(NeighbourTableTest.class);
        Map<IpAddress, MacAddress> model = new HashMap<>();
        NeighbourTable table = NeighbourTable.of();
        for (int step = 0; step < 20_000; step++) {
            // few distinct addresses, so that replacing and removing meet what is there
            IpAddress ip = random.nextBoolean()
                    ? IpAddress.ofIpv4(0x0a00_0000 | random.nextInt(3_000))
                    : new IpAddress(0x2001_0db8_0000_0000L, random.nextInt(3_000));
            if (random.nextInt(3) == 0) {
                table = table.without(ip);
                model.remove(ip);
            } else {
                MacAddress mac = new MacAddress(random.nextLong() & 0xffff_ffff_ffffL);
                table = table.with(ip, mac);
                model.put(ip, mac);
            }
            assertEquals(model.size(), table.size());
            assertEquals(
                    model.containsKey(ip) ? model.get(ip).bits() : NeighbourTable.UNKNOWN,
                    table.macOf(ip.hi(), ip.lo()));
        }
        assertEquals(model, entries(table));
        assertEquals(model, entries(NeighbourTable.of(model)));
    }

    private static Map<IpAddress, MacAddress> entries(NeighbourTable table) {
        Map<IpAddress, MacAddress> entries = new HashMap<>();
        table.forEach((hi, lo, mac, router) -> entries.put(new IpAddress(hi, lo), new MacAddress(mac)));
        return entries;
    }
}
