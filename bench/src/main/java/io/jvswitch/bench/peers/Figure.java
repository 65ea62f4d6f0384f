package io.jvswitch.bench.peers;

/** What a measurement yields, with its unit. */
enum Figure {
    /** Bytes that the sink's sockets gave: what TCP calls goodput. */
    THROUGHPUT("throughput", "Gbit/s", true),
    /** Frames that reached the sink's socket. */
    DELIVERED("delivered", "kpps", true),
    /** Frames that the generator handed to its device. */
    OFFERED("offered", "kpps", true),
    P50("p50", "µs", false),
    P99("p99", "µs", false),
    P999("p99.9", "µs", false),
    MAX("longest", "µs", false),
    /** What the percentiles rest on. */
    REQUESTS("requests", "count", true),
    /** Of jvswitch's daemons, across the window and the load's start and end. */
    COLLECTIONS("garbage collections", "count", false),
    COLLECTION_TIME("in garbage collections", "ms", false),
    /** A request waits alone, so a collection holds up one at most: below 0.1 % none is to be seen in p99.9. */
    HELD_UP("requests that a collection may have held up", "%", false),
    /** Heap that the workers' threads allocate for a frame that they take from a port. */
    BYTES_PER_FRAME("allocated by workers", "B/frame", false),
    /** Heap that all threads of one daemon allocate, the answer to the question for it included. */
    ALLOCATION_RATE("allocated by the daemon", "KB/s", false),
    /** User and system time of the switch's processes. */
    CPU_PER_GIGABIT("switch CPU", "ms/Gbit", false),
    CPU_PER_MILLION_FRAMES("switch CPU", "ms/Mframe", false),
    /** All that the machine's processors did, generator and sink and kernel threads included. */
    MACHINE_PER_GIGABIT("machine CPU", "ms/Gbit", false),
    MACHINE_PER_MILLION_FRAMES("machine CPU", "ms/Mframe", false),
    /** Of one core, for one switch. */
    IDLE_CPU("idle CPU", "% of a core", false),
    /** Of one switch, after the load. */
    RESIDENT("resident memory", "MB", false),
    FIRST_FRAME("start to first frame", "ms", false);

    private final String label;
    private final String unit;
    private final boolean moreIsBetter;

    Figure(String label, String unit, boolean moreIsBetter) {
        this.label = label;
        this.unit = unit;
        this.moreIsBetter = moreIsBetter;
    }

    String label() {
        return label;
    }

    String unit() {
        return unit;
    }

    boolean isMoreBetter() {
        return moreIsBetter;
    }
}
