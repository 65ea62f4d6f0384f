package io.jvswitch.openflow.message;

import io.jvswitch.openflow.layout.Layout;
import io.jvswitch.openflow.layout.VersionRange;
import java.util.ArrayList;
import java.util.List;

/**
 * All forms of a message, in the order of preference: the first that a version has is the one that it is written in
 * where nobody asks for another. Made by the message's record, once.
 *
 * @param <M> the record
 */
public final class MessageForms<M extends Message> {

    private final String name;
    private final List<MessageForm<M>> forms = new ArrayList<>();

    private MessageForms(String name) {
        this.name = name;
    }

    /**
     * No forms yet.
     *
     * @param name as Open vSwitch's tools print it behind the family: {@code FLOW_MOD}
     */
    public static <M extends Message> MessageForms<M> named(String name) {
        return new MessageForms<>(name);
    }

    private MessageForms<M> add(
            Family family, String versions, int number, boolean reply, String as, Layout<M> layout) {
        forms.add(new MessageForm<>(family, VersionRange.of(versions), number, reply, as, layout));
        return this;
    }

    /** A message of a family that is no statistics. */
    public MessageForms<M> form(Family family, String versions, int number, Layout<M> layout) {
        return add(family, versions, number, false, name, layout);
    }

    /** A message of a family that is no statistics, under another name. */
    public MessageForms<M> form(Family family, String versions, int number, String as, Layout<M> layout) {
        return add(family, versions, number, false, as, layout);
    }

    /** A request for statistics. */
    public MessageForms<M> request(Family family, String versions, int number, Layout<M> layout) {
        return add(family, versions, number, false, name, layout);
    }

    /** Statistics. */
    public MessageForms<M> reply(Family family, String versions, int number, Layout<M> layout) {
        return add(family, versions, number, true, name, layout);
    }

    /** A request for statistics, under another name. */
    public MessageForms<M> request(Family family, String versions, int number, String as, Layout<M> layout) {
        return add(family, versions, number, false, as, layout);
    }

    /** Statistics, under another name. */
    public MessageForms<M> reply(Family family, String versions, int number, String as, Layout<M> layout) {
        return add(family, versions, number, true, as, layout);
    }

    /** Those in the order of preference. */
    public List<MessageForm<M>> all() {
        return List.copyOf(forms);
    }
}
