package io.jvswitch.openflow.text;

import java.util.List;
import java.util.Locale;

/** Words that actions have for numbers; each list is in the order of the numbers from 0 on. */
final class Words {

    private static final List<String> REASONS =
            List.of("no_match", "action", "invalid_ttl", "action_set", "group", "packet_out");
    private static final List<String> HASH_FIELDS = List.of(
            "eth_src", "symmetric_l4", "symmetric_l3l4", "symmetric_l3l4+udp", "nw_src", "nw_dst", "symmetric_l3");
    private static final List<String> BUNDLE_ALGORITHMS = List.of("active_backup", "hrw");
    private static final List<String> MULTIPATH_ALGORITHMS = List.of("modulo_n", "hash_threshold", "hrw", "iter_hash");

    private static final int FTP = 21;
    private static final int TFTP = 69;

    private Words() {}

    private static String word(List<String> words, int number, String other) {
        return number < words.size() ? words.get(number) : other;
    }

    static String reason(int reason) {
        return word(REASONS, reason, Integer.toString(reason));
    }

    /** The reason of a word, or -1. */
    static int parseReason(String text) {
        return REASONS.indexOf(text.toLowerCase(Locale.ROOT));
    }

    static String hashFields(int fields) {
        return word(HASH_FIELDS, fields, "<unknown>");
    }

    /** The number of a word, or -1. */
    static int parseHashFields(String text) {
        return HASH_FIELDS.indexOf(text.toLowerCase(Locale.ROOT));
    }

    static String bundleAlgorithm(int algorithm) {
        return word(BUNDLE_ALGORITHMS, algorithm, "<unknown>");
    }

    /** The number of a word, or -1. */
    static int parseBundleAlgorithm(String text) {
        return BUNDLE_ALGORITHMS.indexOf(text.toLowerCase(Locale.ROOT));
    }

    static String multipathAlgorithm(int algorithm) {
        return word(MULTIPATH_ALGORITHMS, algorithm, "<unknown>");
    }

    /** The number of a word, or -1. */
    static int parseMultipathAlgorithm(String text) {
        return MULTIPATH_ALGORITHMS.indexOf(text.toLowerCase(Locale.ROOT));
    }

    /** A connection-tracking helper by its port. */
    static String helper(int port) {
        return port == FTP ? "ftp" : port == TFTP ? "tftp" : Integer.toString(port);
    }

    /** The port of a helper, or -1. */
    static int parseHelper(String text) {
        return text.equals("ftp") ? FTP : text.equals("tftp") ? TFTP : -1;
    }

    /** What is put in front of a packet. */
    static String header(int packetType) {
        return switch (packetType) {
            case 0 -> "ethernet";
            case 0x1_894f -> "nsh";
            case 0x1_8847 -> "mpls";
            case 0x1_8848 -> "mpls_mc";
            default -> "UNKNOWN";
        };
    }

    /** The packet type of a word, or -1. */
    static int parseHeader(String text) {
        return switch (text) {
            case "ethernet" -> 0;
            case "nsh" -> 0x1_894f;
            case "mpls" -> 0x1_8847;
            case "mpls_mc" -> 0x1_8848;
            default -> -1;
        };
    }
}
