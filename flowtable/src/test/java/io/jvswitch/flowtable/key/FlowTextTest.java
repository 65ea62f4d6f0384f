package io.jvswitch.flowtable.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.testing.Seed;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlowTextTest {

    private static final int ROUNDS = 20_000;

    private final RandomGenerator random = Seed.random(FlowTextTest.class);
    private final RandomKeys keys = new RandomKeys(random);

    /** A few fields with any bits, others as frames have them. */
    private FlowKey key() {
        FlowKey key = keys.key();
        FlowField[] fields = FlowField.values();
        for (int i = random.nextInt(8); i > 0; i--) {
            key.set(fields[random.nextInt(fields.length)], random.nextLong(), random.nextLong());
        }
        return key;
    }

    private FlowMask mask() {
        FlowMask mask = random.nextBoolean() ? keys.mask() : keys.usefulMask();
        return random.nextBoolean() ? mask : mask.or(keys.mask());
    }

    /** Law: what is printed of a flow can be parsed again, and is the same, whatever counts of it. */
    @Test
    void whatIsPrintedOfAFlowCanBeParsedAgain() {
        for (int i = 0; i < ROUNDS; i++) {
            FlowMask mask = mask();
            FlowKey key = new FlowKey();
            key.copyMasked(key(), mask);
            String text = FlowText.of(key, mask);
            assertEquals(new FlowMatch(key, mask), FlowText.parse(text), text);
        }
    }

    @Test
    void soCanAWholeKey() {
        for (int i = 0; i < ROUNDS; i++) {
            FlowKey key = key();
            assertEquals(key, FlowText.parse(key.toString()).key(), key::toString);
        }
    }

    @Test
    void everyFieldAlone() {
        for (FlowField field : FlowField.values()) {
            for (int ethType : new int[] {0, 0x0800, 0x86dd, 0x0806, 0x8847}) {
                FlowKey key = new FlowKey();
                key.set(FlowField.ETH_TYPE, ethType);
                key.set(field, random.nextLong(), random.nextLong());
                FlowMask mask = new FlowMask().exact(FlowField.ETH_TYPE).exact(field);
                String text = FlowText.of(key, mask);
                assertEquals(new FlowMatch(key, mask), FlowText.parse(text), text);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "recirc_id(0),in_port(1),eth(src=02:00:00:00:00:01,dst=02:00:00:00:00:02),vlan(tci=0/0x1fff),"
                        + "eth_type(0x0800),ipv4(src=10.0.0.0/255.0.0.0,proto=6,frag=no),tcp(dst=80)",
                "tunnel(tun_id=0x2a,src=192.0.2.2,ttl=64,gbp_id=7,flags=0x5),in_port(65001)",
                "vlan(vid=5,pcp=3),inner_vlan(vid=6,pcp=0,cfi=0),eth_type(0x86dd),ipv6(src=2001:db8::/32,hlimit=64)",
                "ct_state(0x20/0x30),ct_tuple(src=10.0.0.1,proto=17,tp_dst=53)",
                "packet_type((1,0x800)/0x1ffff)",
            })
    void theFormIsKept(String text) {
        FlowMatch match = FlowText.parse(text);
        assertEquals(text, FlowText.of(match.key(), match.mask()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "in_port|flow 'in_port': 'in_port' is not a group like in_port(1) or eth(src=02:00:00:00:00:01)",
                "in_port(1|flow 'in_port(1': a parenthesis has no other",
                "port(1)|flow 'port(1)': there is no field 'port'",
                "eth(sip=1)|flow 'eth(sip=1)': 'eth' has no 'sip'",
                "ipv4(ttl=256)|flow 'ipv4(ttl=256)': nw_ttl: '256' does not fit into 8 bits",
                "vlan(vid=4096)|flow 'vlan(vid=4096)': '4096' does not fit into 12 bits",
                "eth(src)|flow 'eth(src)': dl_src: '' is not a MAC address: expected six pairs of"
                        + " hexadecimal digits, like 02:00:00:00:00:01",
            })
    void whatCannotBeReadIsNamed(String text, String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> FlowText.parse(text))
                        .getMessage());
    }

    @Test
    void noTextDoesMoreThanRefuse() {
        String letters = "()=,/:.0123456789abcdefinopst_x";
        int read = 0;
        for (int i = 0; i < ROUNDS; i++) {
            StringBuilder text = new StringBuilder(key().toString());
            for (int j = random.nextInt(1, 4); j > 0; j--) {
                text.setCharAt(random.nextInt(text.length()), letters.charAt(random.nextInt(letters.length())));
            }
            try {
                FlowText.parse(text.toString());
                read++;
            } catch (IllegalArgumentException e) {
                assertTrue(String.valueOf(e.getMessage()).startsWith("flow '"), e.getMessage());
            }
        }
        assertTrue(read > 0);
    }
}
