package io.jvswitch.vswitchd.reference;

import java.util.function.Supplier;

/**
 * A page of {@code docs/reference} that is made from code.
 *
 * @param file its name in {@code docs/reference}, such as {@code drop-reasons.md}
 * @param title its heading
 * @param body Markdown below the heading; the same text on every call for the same code
 */
record ReferencePage(String file, String title, Supplier<String> body) {
    static final String MARK =
            "<!-- Made from the code by docs/reference/regenerate. What is written here by hand is lost. -->";

    String text() {
        return MARK + "\n\n# " + title + "\n\n" + body.get().strip() + "\n";
    }

    @Override
    public String toString() {
        return file;
    }
}
