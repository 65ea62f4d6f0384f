package io.jvswitch.vswitchd;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which jvswitch this is. */
public final class Version {

    private static final String DESCRIPTOR = "/META-INF/maven/io.jvswitch/vswitchd/pom.properties";

    private Version() {}

    /** The version as of the build, or {@code development} when run from class files. */
    public static String text() {
        try (InputStream in = Version.class.getResourceAsStream(DESCRIPTOR)) {
            if (in == null) {
                return "development";
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "development");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
