package io.jvswitch.openflow.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.openflow.Bytes;
import io.jvswitch.openflow.OpenFlowException;
import io.jvswitch.openflow.OpenFlowVersion;
import io.jvswitch.openflow.message.flow.FlowMod;
import io.jvswitch.openflow.message.flow.FlowMonitor;
import io.jvswitch.openflow.message.group.GroupNumbers;
import io.jvswitch.openflow.message.port.EthernetLink;
import io.jvswitch.openflow.message.port.PortDesc;
import io.jvswitch.openflow.message.port.PortDescription;
import io.jvswitch.openflow.message.port.PortStats;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.testing.Seed;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written is read again, and what cannot be read is refused: for all messages, in all forms and versions. */
final class MessageCodecTest {

    private static final int ROUNDS = 50;

    private static final RandomGenerator RANDOM = Seed.random(MessageCodecTest.class);
    private final RandomMessages messages = new RandomMessages(RANDOM);

    private interface Each {
        void accept(OpenFlowVersion version, MessageForm<?> form) throws Exception;
    }

    private static void forEach(MessageType type, Each each) throws Exception {
        for (MessageForm<?> form : type.forms()) {
            for (OpenFlowVersion version : OpenFlowVersion.values()) {
                if (form.isIn(version)) {
                    each.accept(version, form);
                }
            }
        }
    }

    /** Components of messages, and those that some form of some version has a place for. */
    private static final Set<String> ALL = new HashSet<>();

    private static final Set<String> KEPT = new HashSet<>();

    @AfterAll
    static void everyComponentHasAPlace() {
        ALL.removeAll(KEPT);
        assertEquals(Set.of(), ALL, "components that no version keeps");
    }

    /** What a version has a place for comes back, the rest as nothing; and every component has a place somewhere. */
    @ParameterizedTest
    @EnumSource(MessageType.class)
    void whatHasAPlaceComesBack(MessageType type) throws Exception {
        forEach(type, (version, form) -> {
            for (int i = 0; i < ROUNDS; i++) {
                OpenFlowMessage message = messages.message(version, form);
                byte[] bytes = MessageCodec.encode(message);
                OpenFlowMessage again = MessageCodec.decode(bytes);
                assertEquals(message.xid(), again.xid());
                assertEquals(form, again.form());
                compare(message.body(), again.body(), form + " in " + version);
                assertArrayEquals(bytes, MessageCodec.encode(again), () -> "" + message);
            }
        });
    }

    private static void compare(Object sent, Object got, String where) throws ReflectiveOperationException {
        assertEquals(sent.getClass(), got.getClass());
        for (RecordComponent component : sent.getClass().getRecordComponents()) {
            String name = sent.getClass().getName() + "." + component.getName();
            ALL.add(name);
            component.getAccessor().setAccessible(true);
            Object was = component.getAccessor().invoke(sent);
            Object is = component.getAccessor().invoke(got);
            if (was instanceof Record && is instanceof Record) {
                KEPT.add(name);
                compare(was, is, where);
            } else if (was instanceof List<?> before && is instanceof List<?> after && before.size() == after.size()) {
                KEPT.add(name);
                for (int i = 0; i < before.size(); i++) {
                    if (before.get(i) instanceof Record) {
                        compare(before.get(i), after.get(i), where);
                    } else {
                        assertEquals(before.get(i), after.get(i));
                    }
                }
            } else if (Objects.equals(was, is)) {
                KEPT.add(name);
            } else {
                assertTrue(isNothing(is), () -> where + ": " + name + " was " + was + " and is " + is);
            }
        }
    }

    private static boolean isNothing(Object value) {
        return value == null
                || value.equals(0)
                || value.equals(0L)
                || value.equals(-1L)
                || value.equals(0xffff)
                || value.equals(0xffff_ffffL)
                || value.equals(GroupNumbers.ALL)
                || value.equals(FlowMod.ANY_TABLE)
                || value.equals(FlowMonitor.Command.ADD)
                || value.equals(Bytes.EMPTY)
                || value.equals("")
                || value.equals(List.of())
                || value.equals(EthernetLink.UNKNOWN)
                || value.equals(PortStats.EthernetErrors.UNKNOWN);
    }

    /** Messages whose bytes were changed at random, where they can still be read, stay what they are. */
    @ParameterizedTest
    @EnumSource(MessageType.class)
    void whatIsReadIsWrittenAgain(MessageType type) throws Exception {
        int[] read = new int[1];
        forEach(type, (version, form) -> {
            for (int i = 0; i < ROUNDS; i++) {
                byte[] bytes = MessageCodec.encode(messages.message(version, form));
                int changes = RANDOM.nextInt(4);
                for (int k = 0; k < changes && bytes.length > MessageHeader.BYTES; k++) {
                    bytes[RANDOM.nextInt(MessageHeader.BYTES, bytes.length)] = (byte) RANDOM.nextInt();
                }
                OpenFlowMessage message;
                try {
                    message = MessageCodec.decode(bytes);
                } catch (OpenFlowException e) {
                    continue;
                }
                read[0]++;
                assertEquals(message, MessageCodec.decode(MessageCodec.encode(message)));
            }
        });
        assertTrue(read[0] > 0);
    }

    /** Every length but the right one, whether the header tells it or not, is OpenFlow's error and nothing worse. */
    @ParameterizedTest
    @EnumSource(MessageType.class)
    void aMessageThatIsCutIsRefusedOrAShorterOne(MessageType type) throws Exception {
        forEach(type, (version, form) -> {
            byte[] bytes = MessageCodec.encode(messages.message(version, form));
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                readOrRefuse(cut);
                if (length >= 4) {
                    cut[2] = (byte) (length >>> 8);
                    cut[3] = (byte) length;
                    readOrRefuse(cut);
                }
            }
            byte[] longer = Arrays.copyOf(bytes, bytes.length + 4);
            readOrRefuse(longer);
        });
    }

    /** Every 16 bits in turn say what they should not: among them all lengths. */
    @ParameterizedTest
    @EnumSource(MessageType.class)
    void aMessageThatLiesIsRefusedOrAnotherOne(MessageType type) throws Exception {
        int[] lies = {0, 1, 3, 4, 7, 8, 0x7fff, 0xfff8, 0xffff};
        forEach(type, (version, form) -> {
            byte[] bytes = MessageCodec.encode(messages.message(version, form));
            for (int at = 0; at + 1 < bytes.length; at++) {
                for (int lie : lies) {
                    byte[] changed = bytes.clone();
                    changed[at] = (byte) (lie >>> 8);
                    changed[at + 1] = (byte) lie;
                    readOrRefuse(changed);
                }
            }
        });
    }

    private static void readOrRefuse(byte[] bytes) {
        try {
            MessageCodec.decode(bytes);
        } catch (OpenFlowException e) {
            // What we say is what the peer is told.
            assertTrue(e.error() != null);
        } catch (RuntimeException e) {
            throw new AssertionError(HexFormat.of().formatHex(bytes), e);
        }
    }

    /** OpenFlow 1.5.1, section 7.3.5: no part is longer than 64 KB, all but the last say that more follow. */
    @Test
    void statisticsAreSpreadOverMessages() throws Exception {
        for (OpenFlowVersion version : OpenFlowVersion.values()) {
            List<PortDescription> ports = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                ports.add(new PortDescription(
                        i + 1, new MacAddress(i), "port" + i, 0, 0, new EthernetLink(0, 0, 0, 0, 0, 0)));
            }
            List<byte[]> parts = MessageCodec.encodeParts(OpenFlowMessage.of(version, 7, new PortDesc.Reply(ports)));
            assertTrue(parts.size() > 1);
            List<PortDescription> read = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                assertTrue(parts.get(i).length <= MessageCodec.MAX_BYTES);
                OpenFlowMessage part = MessageCodec.decode(parts.get(i));
                assertEquals(i < parts.size() - 1, part.more());
                assertEquals(7, part.xid());
                read.addAll(((PortDesc.Reply) part.body()).ports());
            }
            assertEquals(ports, read);
        }
    }
}
