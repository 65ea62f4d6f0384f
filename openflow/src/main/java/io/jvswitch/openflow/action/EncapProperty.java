package io.jvswitch.openflow.action;

import io.jvswitch.openflow.field.Octets;

/** A property of a header that is put in front of a packet: those of NSH. */
public sealed interface EncapProperty {

    /** Class of NSH's properties. */
    int CLASS_NSH = 4;

    /** Metadata type 1 or 2. */
    record NshMetadataType(int type) implements EncapProperty {}

    /** A context header of metadata type 2. */
    record NshTlv(int optionClass, int type, Octets value) implements EncapProperty {}
}
