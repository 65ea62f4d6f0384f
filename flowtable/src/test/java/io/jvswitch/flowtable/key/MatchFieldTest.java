package io.jvswitch.flowtable.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.testing.Seed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class MatchFieldTest {

    /** Bits that fields have in the key and no value uses. */
    private static final Map<FlowField, Long> UNUSED =
            new EnumMap<>(Map.of(FlowField.IP_FRAG, 0xfcL, FlowField.TCP_FLAGS, 0xf000L));

    private final RandomGenerator random = Seed.random(MatchFieldTest.class);

    private static MatchField field(String name) {
        return Objects.requireNonNull(MatchField.of(name), name);
    }

    private static long leading(int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? -1L : -1L << 64 - bits;
    }

    /** Values of every kind: no bit counts, all do, a prefix does, some do, one does. */
    private MaskedValue value(int bits, int kind) {
        MaskedValue exact = MaskedValue.exact(0, 0, bits);
        long hi = exact.maskHi();
        long lo = exact.maskLo();
        switch (kind) {
            case 0 -> {}
            case 1 -> {
                int length = random.nextInt(bits + 1);
                hi &= leading(length);
                lo &= bits == 128 ? leading(length - 64) : leading(64 - bits + length);
            }
            case 2 -> {
                hi &= random.nextLong();
                lo &= random.nextLong();
            }
            case 3 -> {
                int bit = random.nextInt(bits);
                hi = bit >= 64 ? 1L << bit - 64 : 0;
                lo = bit < 64 ? 1L << bit : 0;
            }
            default -> {
                hi = 0;
                lo = 0;
            }
        }
        long[] few = {0, 1, 0xffff_0a00_0001L, -1L, random.nextLong()};
        return new MaskedValue(few[random.nextInt(5)] & hi, few[random.nextInt(5)] & lo, hi, lo);
    }

    /** Law: what is written of a field can be read again, and is the same. */
    @ParameterizedTest
    @MethodSource("io.jvswitch.flowtable.key.MatchField#all")
    void whatIsWrittenCanBeReadAgain(MatchField field) {
        int masked = 0;
        for (int i = 0; i < 2_000; i++) {
            MaskedValue value = value(field.bits(), i % 5);
            if (field.permits(value)) {
                assertEquals(value, field.parse(field.format(value)), () -> field + "=" + field.format(value));
                masked += value.isWild() || value.isExact(field.bits()) ? 0 : 1;
            }
        }
        assertEquals(field.maskable() == MatchField.Maskable.BITWISE && field.bits() > 1, masked > 0);
    }

    @ParameterizedTest
    @EnumSource(FlowField.class)
    void soCanTheKeysOwnFields(FlowField field) {
        for (int i = 0; i < 2_000; i++) {
            MaskedValue value = value(field.bits(), i % 5);
            String text = field.form().format(field.bits(), value);
            assertEquals(value, field.form().parse(text, field.bits()), text);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "ip_src 10.0.0.0/8",
                "nw_dst 10.1.2.3",
                "nw_src 10.0.0.1/255.0.0.255",
                "ipv6_src 2001:db8::/32",
                "ipv6_dst ::ffff:10.0.0.1",
                "ipv6_dst ::1/::ffff",
                "eth_dst 01:00:00:00:00:00/01:00:00:00:00:00",
                "eth_type 0x0800",
                "ct_state -new+trk",
                "ct_state est|trk",
                "tcp_flags syn|ack",
                "tcp_flags +syn-ack",
                "ip_frag not_later",
                "ip_frag yes",
                "ip_frag later",
                "reg0 0x1/0xff",
                "xxreg1 0x10000000000000000",
                "packet_type (1,0x800)",
                "tp_src 80",
                "in_port 4294967295",
                "vlan_vid 0x1005",
                "metadata ANY"
            })
    void operatorsFormsAreKept(String name, String text) {
        assertEquals(text, field(name).format(field(name).parse(text)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nw_proto|6/0x7|nw_proto: '6/0x7' has a mask, and this field takes none",
                "nw_ttl|256|nw_ttl: '256' does not fit into 8 bits",
                "reg3|x|reg3: 'x' is not a value of this field: 'x' is no number, expected one like 10 or 0xa",
                "nw_src|10.0.0.0/33|ip_src: '10.0.0.0/33' has a prefix of 33 bits: must be 0 to 32",
                "tcp_flags|+syn-foo|tcp_flags: '+syn-foo' has a flag 'foo': must be of"
                        + " fin, syn, rst, psh, ack, urg, ece, cwr, ns, [200], [400], [800]",
            })
    void whatCannotBeReadIsNamed(String name, String text, String message) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> field(name).parse(text));
        assertEquals(message, e.getMessage());
    }

    @Test
    void flagsMayComeInAnyOrder() {
        assertEquals(field("ct_state").parse("-new+trk"), field("ct_state").parse("+trk-new"));
        assertEquals(field("ct_state").parse("0x20/0x21"), field("ct_state").parse("+trk-new"));
    }

    @ParameterizedTest
    @CsvSource({"nw_src,::1", "nw_src,-", "ipv6_src,1.2", "dl_src,1", "packet_type,(1)", "reg0,-1", "reg0,", "reg0,/"})
    void nothingElseThanRefusalComesOfNonsense(String name, String text) {
        assertThrows(IllegalArgumentException.class, () -> field(name).parse(text == null ? "" : text));
    }

    /** The numbers and versions, against Open vSwitch's own. */
    @Test
    void numbersAreThoseOfOpenVswitch() throws IOException {
        int compared = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(MatchFieldTest.class.getResourceAsStream("ovs-numbers.txt")),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("#")) {
                    continue;
                }
                String[] words = line.split(" ", -1);
                String[] numbers = words[1].split(":", -1);
                MatchField found = MatchField.ofOxm(
                        HexFormat.fromHexDigits(numbers[0]),
                        numbers.length > 1 ? HexFormat.fromHexDigits(numbers[1]) : 0,
                        Integer.parseInt(words[2]));
                assertNotNull(found, line);
                assertEquals(field(words[0]), found, line);
                int number = Integer.parseInt(words[2]);
                int version = Integer.parseInt(words[3]);
                assertTrue(
                        found.headers().stream()
                                .anyMatch(header -> header.number() == number && header.version() == version),
                        line);
                compared++;
            }
        }
        assertTrue(compared > 150, "numbers compared: " + compared);
    }

    /** Fails when a field is added without a name by which operators can match on all of it. */
    @Test
    void everyBitOfEveryFieldHasAName() {
        long[] named = new long[FlowLayout.WORDS];
        for (MatchField field : MatchField.all()) {
            named[field.word()] |= field.ones() << field.shift();
            if (field.isWide()) {
                named[field.word() - 1] = -1L;
            }
        }
        for (FlowField field : FlowField.values()) {
            long unused = UNUSED.getOrDefault(field, 0L) << field.shift;
            assertEquals(
                    0,
                    field.ones << field.shift & ~unused & ~named[field.word],
                    () -> field + " has bits that no row of MatchFields names");
            if (field.isWide()) {
                assertEquals(-1L, named[field.word - 1], () -> field + " has a half that no row of MatchFields names");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.jvswitch.flowtable.key.MatchField#all")
    void whatARuleAsksForIsWhatWasSaid(MatchField field) {
        for (int i = 0; i < 300; i++) {
            MaskedValue value = value(field.bits(), i % 5);
            FlowKey key = new FlowKey();
            FlowMask mask = new FlowMask();
            if (field.permits(value)) {
                field.match(key, mask, value);
                assertEquals(value, field.matched(key, mask));
                assertEquals(value.isWild(), mask.isEmpty());
            } else {
                assertThrows(IllegalArgumentException.class, () -> field.match(key, mask, value));
            }
        }
        assertEquals(field, MatchField.of(field.label()));
        for (String alias : field.aliases()) {
            assertEquals(field, MatchField.of(alias));
        }
    }

    /** So that the prefix is one of the whole 128 bits, and a trie can tell it. */
    @Test
    void anIpv4PrefixIsAPrefixOfTheMappedAddress() {
        FlowKey key = new FlowKey();
        FlowMask mask = new FlowMask();
        field("nw_dst").match(key, mask, field("nw_dst").parse("10.1.0.0/16"));
        assertEquals(new FlowMask().prefix(FlowField.IP_DST, 96 + 16), mask);
        assertEquals(0xffff_0a01_0000L, key.get(FlowField.IP_DST));
        mask.clear();
        key.clear();
        field("tun_src").match(key, mask, field("tun_src").parse("0.0.0.0"));
        assertTrue(key.equalsUnder(mask, new FlowKey()), "a frame that is not of a tunnel");
        mask.clear();
        field("tun_src").match(key, mask, field("tun_src").parse("192.0.2.1"));
        assertEquals(new FlowMask().exact(FlowField.TUNNEL_SRC), mask);
    }

    @Test
    void wideRegistersAreViewsOfTheNarrowOnes() {
        FlowMask mask = new FlowMask();
        FlowReader reader = new FlowReader();
        reader.reset(new FlowKey(), mask);
        for (int i = 0; i < 32; i++) {
            reader.set(FlowField.reg(i), 0x100 + i);
        }
        assertEquals(0x0000_0104_0000_0105L, reader.get(field("xreg2")));
        assertEquals(0x0000_011c_0000_011dL, reader.getHi(field("xxreg7")));
        assertEquals(0x0000_011e_0000_011fL, reader.get(field("xxreg7")));
        reader.set(field("xxreg0"), 0x1_0000_0002L, 0x3_0000_0004L);
        for (int i = 0; i < 4; i++) {
            assertEquals(i + 1, reader.get(FlowField.reg(i)));
        }
        reader.move(FlowField.ETH_SRC, 0, field("xreg15"), 8, 48);
        assertEquals(new FlowMask().exact(FlowField.ETH_SRC), mask, "and nothing of a register is looked at");
    }

    @Test
    void prerequisitesLookAtAsMuchAsTheyNeed() {
        FlowKey key = new FlowKey();
        key.set(FlowField.ETH_TYPE, 0x0800);
        key.set(FlowField.IP_PROTO, 6);
        FlowMask mask = new FlowMask();
        FlowReader reader = new FlowReader();
        reader.reset(key, mask);
        assertFalse(Prerequisite.ARP.holds(reader));
        assertTrue(Prerequisite.ETHERNET.holds(reader));
        assertEquals(new FlowMask().exact(FlowField.ETH_TYPE), mask);
        assertTrue(Prerequisite.TCP.holds(reader));
        assertFalse(Prerequisite.ND.holds(reader));
        assertEquals(new FlowMask().exact(FlowField.ETH_TYPE).exact(FlowField.IP_PROTO), mask);
        assertTrue(Prerequisite.TCP.holds(key, mask));
        assertFalse(Prerequisite.TCP.holds(key, new FlowMask().exact(FlowField.ETH_TYPE)), "the match must say it");
        assertFalse(Prerequisite.CT.holds(reader));
        reader.set(FlowField.CT_STATE, 0x21);
        assertTrue(Prerequisite.CT.holds(reader));
        assertFalse(Prerequisite.VLAN.holds(reader));
        assertFalse(Prerequisite.NSH.holds(reader));
    }

    /** Every prerequisite is true of some frame, and not of an LLDP frame, unless every frame is such. */
    @ParameterizedTest
    @EnumSource(Prerequisite.class)
    void everyPrerequisiteCanBeTrue(Prerequisite prerequisite) {
        boolean holds = false;
        int[] types = {0x0800, 0x86dd, 0x0806, 0x8847, 0x894f, 0x88e7};
        int[] protocols = {1, 6, 17, 58, 132};
        for (int type : types) {
            for (int protocol : protocols) {
                for (int source = 135; source <= 136; source++) {
                    FlowKey key = new FlowKey();
                    key.set(FlowField.ETH_TYPE, type);
                    key.set(FlowField.IP_PROTO, protocol);
                    key.set(FlowField.L4_SRC, source);
                    key.set(FlowField.CT_STATE, 0x20);
                    key.set(FlowField.VLAN_TCI, 0x1000);
                    FlowReader reader = new FlowReader();
                    reader.reset(key, new FlowMask());
                    boolean held = prerequisite.holds(reader);
                    assertEquals(held, prerequisite.holds(key, everything()));
                    holds |= held;
                }
            }
        }
        assertTrue(holds);
        FlowKey lldp = new FlowKey();
        lldp.set(FlowField.ETH_TYPE, 0x88cc);
        FlowReader reader = new FlowReader();
        reader.reset(lldp, new FlowMask());
        assertEquals(
                prerequisite == Prerequisite.NONE || prerequisite == Prerequisite.ETHERNET, prerequisite.holds(reader));
    }

    private static FlowMask everything() {
        FlowMask mask = new FlowMask();
        for (FlowField field : FlowField.values()) {
            mask.exact(field);
        }
        return mask;
    }

    @Test
    void unknownNamesAndNumbersHaveNoField() {
        assertNull(MatchField.of("reg32"));
        assertNull(MatchField.ofOxm(OxmHeader.OPENFLOW_BASIC, 0, 99));
        assertEquals(OxmHeader.OPENFLOW_1_0, field("nw_src").firstVersion());
        assertEquals(OxmHeader.OPENFLOW_1_2, field("metadata").firstVersion());
        assertEquals(OxmHeader.OPENFLOW_1_5, field("packet_type").firstVersion());
        assertEquals(0, field("tun_ttl").firstVersion());
    }
}
