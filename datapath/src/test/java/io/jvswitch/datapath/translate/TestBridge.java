package io.jvswitch.datapath.translate;

/** A bridge with a brain of the test's own, which looks nothing up live. */
record TestBridge(int id, Translator translator) implements Bridge {

    @Override
    public String name() {
        return "br" + id;
    }

    @Override
    public long version() {
        return 0;
    }
}
