package io.jvswitch.openflow;

/**
 * A message, or a part of one, that is refused with one of OpenFlow's errors. Thrown to who has read the message, who
 * answers with the error; it has no stack trace, for it says what is wrong with the peer's bytes and not where we are.
 */
public final class OpenFlowException extends Exception {

    private static final long serialVersionUID = 1L;

    private final OpenFlowError error;
    private final int offset;

    /**
     * @param offset where the bytes at fault begin, counted as {@link MessageReader#position()}
     * @param message what is wrong with which value
     */
    public OpenFlowException(OpenFlowError error, int offset, String message) {
        super(error + ": " + message, null, false, false);
        this.error = error;
        this.offset = offset;
    }

    /** What the peer is told. */
    public OpenFlowError error() {
        return error;
    }

    /** Where the bytes at fault begin, counted from the beginning of what the outermost reader reads. */
    public int offset() {
        return offset;
    }
}
