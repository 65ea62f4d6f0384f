package io.jvswitch.vswitchd.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** An output that remembers why it failed first: a {@link java.io.PrintStream} keeps only that it did. */
final class WatchedOutput extends FilterOutputStream {

    /** The kernel's text of EPIPE: the reader, 'head' say, has seen enough, and that is no failure. */
    private static final String READER_GONE = "Broken pipe";

    private volatile @Nullable String failure;

    WatchedOutput(OutputStream to) {
        super(to);
    }

    /** Why output was lost, null when none was, or nobody is there to read it any more. */
    @Nullable
    String failure() {
        return failure;
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        try {
            out.write(bytes, from, count);
        } catch (IOException e) {
            throw remembered(e);
        }
    }

    @Override
    public void write(int oneByte) throws IOException {
        try {
            out.write(oneByte);
        } catch (IOException e) {
            throw remembered(e);
        }
    }

    private IOException remembered(IOException e) {
        if (failure == null && !READER_GONE.equals(e.getMessage())) {
            failure = String.valueOf(e.getMessage());
        }
        return e;
    }
}
