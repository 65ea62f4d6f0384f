package io.jvswitch.ovsdb.stream;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ssl:} connections are made with: the options {@code -p}, {@code -c}, {@code -C}, {@code
 * --bootstrap-ca-cert} and {@code --ssl-protocols} that all programs of Open vSwitch have, or the same columns of table
 * SSL.
 *
 * @param privateKey a PEM file with our private key
 * @param certificate a PEM file with our certificate, and those between it and the authority's
 * @param caCertificate a PEM file with the certificates of the authority that signs our peers'
 * @param bootstrap whether the file is written, if it is not there, with what the first peer presents
 * @param protocols as {@link #protocols(String)} gives them
 */
public record TlsOptions(
        Path privateKey, Path certificate, @Nullable Path caCertificate, boolean bootstrap, List<String> protocols) {

    private static final List<String> KNOWN = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");
    /** What connections may use where nobody says otherwise: those of Open vSwitch 3.1 that a JDK still has. */
    private static final List<String> DEFAULT = List.of("TLSv1.2", "TLSv1.3");

    /** With copies of what is given. */
    public TlsOptions {
        protocols = List.copyOf(protocols);
    }

    /**
     * Reads a list of protocols, separated by commas or spaces, as {@code --ssl-protocols} has it.
     *
     * @param text null for the usual ones
     * @throws IllegalArgumentException when a word is none, or nothing is left
     */
    public static List<String> protocols(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return DEFAULT;
        }
        Set<String> wanted = Set.of(text.trim().split("[,\\s]+", -1));
        for (String word : wanted) {
            if (!KNOWN.contains(word)) {
                throw new IllegalArgumentException(word + ": SSL protocol not recognized");
            }
        }
        List<String> chosen = new ArrayList<>(KNOWN);
        chosen.retainAll(wanted);
        return List.copyOf(chosen);
    }
}
