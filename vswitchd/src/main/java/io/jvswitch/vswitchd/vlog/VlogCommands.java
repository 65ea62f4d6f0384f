package io.jvswitch.vswitchd.vlog;

import io.jvswitch.ovsdb.unixctl.CommandReply;
import io.jvswitch.ovsdb.unixctl.Commands;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code ovs-appctl vlog/…}: ovs-appctl(8), "Logging commands". */
public final class VlogCommands {

    private VlogCommands() {}

    /** Adds them; they are answered by the thread that asks, as nothing in them waits. */
    public static void register(Vlog vlog, Commands commands) {
        commands.register(
                "vlog/set",
                "{spec | PATTERN:destination:pattern}",
                0,
                Commands.ANY_NUMBER,
                Runnable::run,
                (words, reply) -> {
                    for (String word : words.isEmpty() ? List.of("") : words) {
                        String error = vlog.set(word);
                        if (error != null) {
                            reply.refused(error);
                            return;
                        }
                    }
                    reply.done("");
                });
        commands.register("vlog/list", "", 0, 0, Runnable::run, (_, reply) -> reply.done(vlog.list()));
        commands.register("vlog/list-pattern", "", 0, 0, Runnable::run, (_, reply) -> reply.done(vlog.listPatterns()));
        commands.register("vlog/reopen", "", 0, 0, Runnable::run, (_, reply) -> answer(reply, vlog.reopen()));
        commands.register("vlog/close", "", 0, 0, Runnable::run, (_, reply) -> {
            vlog.close();
            reply.done("");
        });
    }

    private static void answer(CommandReply reply, @Nullable String error) {
        if (error == null) {
            reply.done("");
        } else {
            reply.refused(error);
        }
    }
}
