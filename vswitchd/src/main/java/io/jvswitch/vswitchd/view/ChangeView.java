package io.jvswitch.vswitchd.view;

import java.util.List;

/**
 * What a command changed.
 *
 * @param changes one line each, as {@code port tap-vm1 added to network blue}; empty when there was nothing to change
 */
public record ChangeView(List<String> changes) {

    public ChangeView {
        changes = List.copyOf(changes);
    }
}
