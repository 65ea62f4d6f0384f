package io.jvswitch.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FramePool;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class BurstTableTest {

    private static final Path SOURCES = Path.of("src/main/c");
    private static final int BUFFER_BYTES = 2048;

    /** The C compiler checks its structures against these numbers, so a table that differs here differs there. */
    private static final Pattern ASSERTED =
            Pattern.compile("static_assert\\((?:sizeof|offsetof)\\(.*?\\) == (\\d+), \"(\\w+)\\.(\\w+)\"\\)");

    @Test
    void offsetsAreThoseThatTheCompilerCheckedInC() throws IOException, ReflectiveOperationException {
        int compared = 0;
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.toList()) {
                Matcher matcher = ASSERTED.matcher(Files.readString(file));
                while (matcher.find()) {
                    Class<?> type = Class.forName("io.jvswitch.tap." + matcher.group(2));
                    assertEquals(
                            Integer.parseInt(matcher.group(1)),
                            type.getDeclaredField(matcher.group(3)).getInt(null),
                            matcher.group());
                    compared++;
                }
            }
        }
        assertEquals(21, compared, "assertions in C that name a Java constant");
    }

    @Test
    void everyFieldOfASlotIsAsserted() throws IOException {
        String source = Files.readString(SOURCES.resolve("slot.h"));
        String body = source.substring(source.indexOf("struct jvs_slot {"), source.indexOf("};"));
        Matcher field = Pattern.compile("\\w+_t (\\w+);").matcher(body);
        int fields = 0;
        while (field.find()) {
            String name = field.group(1);
            assertTrue(
                    source.contains("offsetof(struct jvs_slot, " + name + ") == ")
                            && source.contains("\"BurstTable." + name.toUpperCase(Locale.ROOT) + "\""),
                    name);
            fields++;
        }
        assertEquals(16, fields);
    }

    @Test
    void flagsOfASlotHaveTheSameBitsInC() throws IOException {
        Matcher flag =
                Pattern.compile("#define JVS_(\\w+) 0x(\\d+)").matcher(Files.readString(SOURCES.resolve("slot.h")));
        Map<String, Integer> flags = new HashMap<>();
        while (flag.find()) {
            flags.put(flag.group(1), Integer.parseInt(flag.group(2), 16));
        }
        assertEquals(
                Map.of(
                        "TRUNCATED",
                        BurstTable.TRUNCATED,
                        "MALFORMED",
                        BurstTable.MALFORMED,
                        "TAGGED",
                        BurstTable.TAGGED),
                flags);
    }

    @Test
    void socketOptionsHaveTheNumbersOfTheEnumInC() throws IOException {
        String source = Files.readString(SOURCES.resolve("socket.c"));
        String body = source.substring(source.indexOf("enum option {"), source.indexOf("};"));
        int at = 0;
        for (SocketOption option : SocketOption.values()) {
            int next = body.indexOf("\t" + option.name());
            assertTrue(next > at, option + " comes in the order of socket.c");
            at = next;
        }
    }

    @Test
    void slotsPointIntoTheFramesOwnBuffers() {
        try (FramePool pool = new FramePool(8, BUFFER_BYTES)) {
            BurstTable table = new BurstTable();
            int ready = table.prepare(pool, 64, 12);
            assertEquals(4, ready, "a quiet queue asks for few");
            MemorySegment memory = MemorySegment.ofAddress(table.address()).reinterpret(64L * BurstTable.SLOT_BYTES);
            for (int i = 0; i < ready; i++) {
                Frame frame = table.takeFrame(i);
                long row = (long) i * BurstTable.SLOT_BYTES;
                assertEquals(
                        frame.address() + Frame.HEADROOM_BYTES - 12,
                        memory.get(ValueLayout.JAVA_LONG, row + BurstTable.ADDRESS));
                assertEquals(
                        BUFFER_BYTES - Frame.HEADROOM_BYTES + 12,
                        memory.get(ValueLayout.JAVA_INT, row + BurstTable.CAPACITY));
                pool.release(frame);
            }
        }
    }

    @Test
    void askingFollowsTheTraffic() {
        try (FramePool pool = new FramePool(128, BUFFER_BYTES)) {
            BurstTable table = new BurstTable();
            int ready = table.prepare(pool, 64, 0);
            assertEquals(4, ready);
            for (int expected : new int[] {8, 16, 32, 64, 64}) {
                take(table, pool, ready);
                table.returnUnfilled(pool, ready, ready);
                ready = table.prepare(pool, 64, 0);
                assertEquals(expected, ready);
            }
            table.returnUnfilled(pool, 0, ready);
            assertEquals(4, table.prepare(pool, 64, 0));
        }
    }

    private static void take(BurstTable table, FramePool pool, int slots) {
        for (int i = 0; i < slots; i++) {
            pool.release(table.takeFrame(i));
        }
    }

    @Test
    void unfilledFramesGoBackAndAnEmptyPoolGivesFewer() {
        try (FramePool pool = new FramePool(3, BUFFER_BYTES)) {
            BurstTable table = new BurstTable();
            assertEquals(2, table.prepare(pool, 2, 0), "no more than there is room for");
            table.returnUnfilled(pool, 0, 2);
            assertEquals(3, pool.free());
            assertEquals(3, table.prepare(pool, 64, 0), "no more than the pool has");
            pool.release(table.takeFrame(0));
            table.returnUnfilled(pool, 1, 3);
            assertEquals(3, pool.free());
        }
    }

    @Test
    void onlyBytesOfTheFrameCanBeSent() {
        try (FramePool pool = new FramePool(1, BUFFER_BYTES)) {
            BurstTable table = new BurstTable();
            Frame frame = Objects.requireNonNull(pool.take());
            table.load(0, frame, 0, BUFFER_BYTES);
            assertThrows(IndexOutOfBoundsException.class, () -> table.load(0, frame, 0, BUFFER_BYTES + 1));
            assertThrows(IndexOutOfBoundsException.class, () -> table.load(0, frame, -1, 10));
            assertThrows(IndexOutOfBoundsException.class, () -> table.load(0, frame, 10, -1));
            assertThrows(IndexOutOfBoundsException.class, () -> table.load(0, frame, Integer.MAX_VALUE, 1));
            Frame heap = new Frame(MemorySegment.ofArray(new byte[BUFFER_BYTES]));
            assertThrows(IllegalArgumentException.class, () -> table.load(0, heap, 0, 10));
        }
    }

    @Test
    void aSlotIsDisarmedOnce() {
        try (FramePool pool = new FramePool(8, BUFFER_BYTES)) {
            BurstTable table = new BurstTable();
            table.prepare(pool, 1, 0);
            pool.release(table.takeFrame(0));
            assertThrows(IllegalStateException.class, () -> table.takeFrame(0));
        }
    }
}
