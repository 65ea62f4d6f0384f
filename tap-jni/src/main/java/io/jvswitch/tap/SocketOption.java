package io.jvswitch.tap;

/** Options of sockets, whatever their family; {@code enum option} of socket.c has the same numbers. */
enum SocketOption {
    REUSE_PORT(0),
    DONT_FRAGMENT(1),
    PACKET_INFO(2),
    RECEIVE_BUFFER(3),
    SEND_BUFFER(4),
    RECEIVE_TRAFFIC_CLASS(5),
    HOP_LIMIT(6),
    OMIT_CHECKSUM(7),
    ACCEPT_NO_CHECKSUM(8),
    UDP_SEGMENTATION(9),
    UDP_COALESCING(10),
    FRAME_VNET_HEADER(11),
    FRAME_VNET_HEADER_BYTES(12),
    FRAME_AUXILIARY(13),
    FRAME_IGNORE_OUTGOING(14),
    ONLY_INTERFACE(15),
    FRAGMENT_BYTES(16),
    RECEIVE_ERRORS(17),
    RECEIVE_HOPS(18);

    private final int code;

    SocketOption(int code) {
        this.code = code;
    }

    private int code() {
        return code;
    }

    /** @throws NativeException naming the socket and the option */
    void set(int fd, String object, int value) throws NativeException {
        int outcome = NativeCalls.socketSet(fd, code(), value);
        if (outcome < 0) {
            throw new NativeException(object + ", " + this + " = " + value, Operation.SOCKET_OPTION, -outcome);
        }
    }

    /** Whether the kernel knows the option and took the value. */
    boolean trySet(int fd, int value) {
        return NativeCalls.socketSet(fd, code(), value) >= 0;
    }

    int get(int fd, String object) throws NativeException {
        return NativeException.check(NativeCalls.socketGet(fd, code()), object + ", " + this, Operation.SOCKET_OPTION);
    }
}
