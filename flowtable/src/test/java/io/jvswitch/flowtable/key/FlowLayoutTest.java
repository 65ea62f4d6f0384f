package io.jvswitch.flowtable.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Fields have one place each, said once. Who adds a field is told what else there is to do: a row in {@link FlowField}
 * (place, form, stage, region) and the drawing there (here), a name in {@link MatchFields} ({@code MatchFieldTest}),
 * its extraction or the sentence in {@link FlowExtractor#extract} that says it reads 0 ({@code ExtractedFieldsTest}),
 * its group in {@link FlowText}, or it stands behind the groups ({@code FlowKeyTest}), and the data path's set action.
 */
class FlowLayoutTest {

    private static final Path SOURCES = Path.of("src/main/java/io/jvswitch/flowtable");

    /** A row's bits in its word (or its low half's). */
    private static long bits(FlowField field) {
        return field.ones << field.shift;
    }

    @Test
    void noTwoFieldsShareABit() {
        long[] taken = new long[FlowLayout.WORDS];
        for (FlowField field : FlowField.values()) {
            assertTrue(field.shift >= 0 && (field.isWide() ? field.shift == 0 : field.shift + field.bits() <= 64));
            assertEquals(0, taken[field.word] & bits(field), () -> field + " lies on another field");
            taken[field.word] |= bits(field);
            if (field.isWide()) {
                assertEquals(0, taken[field.word - 1], () -> field + "'s high half lies on another field");
                taken[field.word - 1] = -1L;
            }
        }
    }

    /** A word of frames and translations would cost a frame something that it has nothing of. */
    @Test
    void noWordHasFieldsOfBothRegions() {
        for (FlowField field : FlowField.values()) {
            boolean pipeline =
                    field.word < FlowLayout.HIGH_WORDS && (FlowLayout.PIPELINE_WORDS >>> field.word & 1) != 0;
            assertEquals(field.region() == FlowField.Region.PIPELINE, pipeline, field::label);
            assertEquals(
                    field.region() == FlowField.Region.FRAME && field.word < FlowLayout.HIGH_WORDS,
                    field.word < FlowLayout.HIGH_WORDS && (FlowLayout.FRAME_WORDS >>> field.word & 1) != 0,
                    field::label);
        }
        assertEquals(0, FlowLayout.PIPELINE_WORDS & FlowLayout.FRAME_WORDS);
    }

    /** The extraction writes these in one go. */
    @Test
    void whatTheExtractionTakesTogetherLiesTogether() {
        assertTogether(FlowField.ETH_DST, FlowField.ETH_TYPE);
        assertTogether(FlowField.ETH_SRC, FlowField.VLAN_TCI);
        assertTogether(FlowField.VLAN_TPID, FlowField.VLAN_TCI_INNER, FlowField.VLAN_TPID_INNER);
        assertTogether(
                FlowField.IP_PROTO,
                FlowField.IP_TOS,
                FlowField.IP_TTL,
                FlowField.IP_FRAG,
                FlowField.L4_SRC,
                FlowField.L4_DST);
        assertEquals(FlowField.L4_DST.shift + 16, FlowField.L4_SRC.shift, "ports as in the transport header");
        assertTogether(FlowField.TCP_FLAGS, FlowField.TUNNEL_FLAGS, FlowField.IPV6_EXTHDR, FlowField.IPV6_LABEL);
        assertTogether(FlowField.ND_RESERVED, FlowField.ND_OPTIONS_TYPE);
        assertTogether(FlowField.CT_STATE, FlowField.CT_ZONE, FlowField.CT_MARK);
        assertTogether(
                FlowField.MPLS_LABEL, FlowField.MPLS_TC, FlowField.MPLS_BOS, FlowField.MPLS_TTL, FlowField.MPLS_LSE_1);
        int lse = FlowField.MPLS_TTL.shift;
        assertEquals(
                List.of(lse + 12, lse + 9, lse + 8),
                List.of(FlowField.MPLS_LABEL.shift, FlowField.MPLS_TC.shift, FlowField.MPLS_BOS.shift),
                "as in a label stack entry (RFC 3032, section 2.1)");
        assertTogether(
                FlowField.NSH_FLAGS,
                FlowField.NSH_TTL,
                FlowField.NSH_MDTYPE,
                FlowField.NSH_NP,
                FlowField.NSH_SPI,
                FlowField.NSH_SI);
        assertEquals(FlowField.NSH_SI.shift + 8, FlowField.NSH_SPI.shift, "as in the service path header");
        assertTogether(FlowField.NSH_C1, FlowField.NSH_C2);
        assertTogether(FlowField.NSH_C3, FlowField.NSH_C4);
        for (int i = 0; i < 32; i += 2) {
            assertTogether(FlowField.reg(i), FlowField.reg(i + 1));
            assertEquals(32, FlowField.reg(i).shift, "the first of two registers is the greater half of the pair");
        }
    }

    private static void assertTogether(FlowField first, FlowField... others) {
        for (FlowField other : others) {
            assertEquals(first.word, other.word, () -> first + " and " + other);
        }
    }

    @Test
    void registersAreFoundByTheirNumbers() {
        for (int i = 0; i < 32; i++) {
            assertEquals("reg" + i, FlowField.reg(i).label());
        }
    }

    /** Six words of a megaflow and a few more are hashed and compared by straight code. */
    @Test
    void theUsualWordsAreThoseOfTcpOverIpv4() {
        FlowMask mask = new FlowMask()
                .exact(FlowField.IN_PORT)
                .exact(FlowField.ETH_DST)
                .exact(FlowField.ETH_SRC)
                .exact(FlowField.L4_SRC)
                .bits(FlowField.IP_SRC, -1L)
                .bits(FlowField.IP_DST, -1L);
        assertEquals(FlowLayout.USUAL_WORDS, mask.present);
        assertTrue(PackedMask.of(mask).isUsual);
        assertEquals(0, PackedMask.of(mask).extras);
        mask.exact(FlowField.CT_STATE).exact(FlowField.CT_ZONE).exact(FlowField.CT_MARK);
        assertTrue(PackedMask.of(mask).isUsual);
        assertEquals(1, PackedMask.of(mask).extras, "connection tracking costs one word");
        mask.exact(FlowField.TUNNEL_ID).exact(FlowField.TUNNEL_FLAGS).exact(FlowField.VLAN_TPID);
        assertTrue(PackedMask.of(mask).isUsual);
        assertEquals(4, PackedMask.of(mask).extras);
        mask.exact(FlowField.MPLS_LABEL);
        assertTrue(!PackedMask.of(mask).isUsual);
    }

    /** Every constant of the layout is that of a field: none is a number of its own. */
    @Test
    void everyWordAndShiftOfTheLayoutIsAFields() throws IllegalAccessException {
        List<Integer> words = new ArrayList<>();
        List<Integer> shifts = new ArrayList<>();
        for (FlowField field : FlowField.values()) {
            words.add(field.word);
            shifts.add(field.shift);
            if (field.isWide()) {
                words.add(field.word - 1);
            }
        }
        int checked = 0;
        for (Field constant : FlowLayout.class.getDeclaredFields()) {
            if (constant.getName().endsWith("_WORD")) {
                assertTrue(words.contains(constant.getInt(null)), constant::getName);
                checked++;
            } else if (constant.getName().endsWith("_SHIFT")) {
                assertTrue(shifts.contains(constant.getInt(null)), constant::getName);
                checked++;
            }
        }
        assertTrue(checked > 40, "constants checked: " + checked);
    }

    /** A number where a word is meant would go wrong without a word when the layout changes. */
    @Test
    void noSourceNamesAWordByItsNumber() throws IOException {
        Pattern number =
                Pattern.compile("\\b(?:key\\.)?words\\[\\d+\\]|<< (?:16|32|40|48|56)\\b.*words\\[|\\b1L? << \\d+ \\|");
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                Matcher match = number.matcher(Files.readString(file));
                assertTrue(!match.find(), () -> file + " has a word by its number: " + match.group());
            }
        }
    }

    /** The drawing in {@link FlowField}'s Javadoc is made from the table. */
    @Test
    void theDrawingIsTheTables() throws IOException {
        String drawing = drawing();
        String source = Files.readString(SOURCES.resolve("key/FlowField.java"));
        assertTrue(source.contains(drawing), () -> "FlowField's Javadoc must have this drawing:\n" + drawing);
    }

    private static String drawing() {
        StringBuilder text = new StringBuilder(" * <pre>\n");
        for (int word = 0; word < FlowLayout.WORDS; word++) {
            StringBuilder line = new StringBuilder();
            int at = word;
            Stream.of(FlowField.values())
                    .filter(field -> field.word == at)
                    .sorted((a, b) -> Integer.compare(b.shift, a.shift))
                    .forEach(field -> line.append(line.isEmpty() ? "" : " | ")
                            .append(field.label())
                            .append(" ")
                            .append(field.bits())
                            .append(field.shift == 0 ? "" : "@" + field.shift));
            boolean wide = line.toString().endsWith(" 128");
            if (!line.isEmpty()) {
                text.append(String.format(" * %6s  %s%n", wide ? word - 1 + "," + word : "" + word, line));
            }
        }
        return text.append(" * </pre>\n").toString();
    }
}
