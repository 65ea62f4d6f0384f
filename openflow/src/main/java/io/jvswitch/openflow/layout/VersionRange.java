package io.jvswitch.openflow.layout;

import io.jvswitch.openflow.OpenFlowVersion;

/** Versions that follow each other. */
public record VersionRange(OpenFlowVersion first, OpenFlowVersion last) {

    /**
     * Reads {@code 1.3}, {@code 1.0-1.3} or {@code 1.4+}.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static VersionRange of(String text) {
        if (text.endsWith("+")) {
            return new VersionRange(version(text.substring(0, text.length() - 1)), OpenFlowVersion.V1_5);
        }
        int dash = text.indexOf('-');
        return dash < 0
                ? new VersionRange(version(text), version(text))
                : new VersionRange(version(text.substring(0, dash)), version(text.substring(dash + 1)));
    }

    private static OpenFlowVersion version(String text) {
        boolean shaped = text.length() == 3 && text.startsWith("1.");
        OpenFlowVersion version = shaped ? OpenFlowVersion.ofWire(text.charAt(2) - '0' + 1) : null;
        if (version == null) {
            throw new IllegalArgumentException("'" + text + "' is no version of OpenFlow from 1.0 to 1.5");
        }
        return version;
    }

    public boolean contains(OpenFlowVersion version) {
        return version.compareTo(first) >= 0 && version.compareTo(last) <= 0;
    }
}
