package io.jvswitch.systemtests;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** The scripts that stand beside the tests, as files that programs can be given. */
final class Scripts {
    private Scripts() {}

    static Path file(String name) {
        URL url = Scripts.class.getResource(name);
        if (url == null) {
            throw new IllegalArgumentException("no " + name + " beside " + Scripts.class.getName());
        }
        try {
            return Path.of(new URI(url.toString()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(url.toString(), e);
        }
    }
}
